package dev.photon.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Offsets that are finished although an earlier one is not, as ranges in rising order. Immutable. As text they fit in a
 * commit's metadata: {@code 1:} and then, for each range, how many offsets lie between it and what came before (the
 * committed offset, or the end of the range before) and how many it has, both in base 36: {@code 1:2.5,1.9}.
 */
public record FinishedRanges(List<Range> ranges) {
    public static final FinishedRanges NONE = new FinishedRanges(List.of());

    /** Bytes. The brokers' default of {@code offset.metadata.max.bytes}; a larger text fails the commit. */
    public static final int MAX_BYTES = 4096;

    private static final String VERSION = "1:";
    private static final int RADIX = 36;

    public FinishedRanges {
        ranges = List.copyOf(ranges);
    }

    /**
     * @param from the first offset, not negative
     * @param to the offset after the last; larger than {@code from}
     */
    public record Range(long from, long to) {
        public boolean contains(long offset) {
            return from <= offset && offset < to;
        }
    }

    /** What of it lies at an offset or behind. */
    public FinishedRanges from(long offset) {
        return new FinishedRanges(ranges.stream()
                .filter(range -> range.to() > offset)
                .map(range -> new Range(Math.max(offset, range.from()), range.to()))
                .toList());
    }

    /** The text, empty when there are no ranges. If it would be too long, only the first ranges that fit. */
    public String encode(long committed) {
        return encode(committed, MAX_BYTES);
    }

    /**
     * The same in less room.
     *
     * @param bytes at most; at least those of the version
     */
    String encode(long committed, int bytes) {
        var text = new StringBuilder(VERSION);
        var end = committed;
        for (var range : ranges) {
            var pair = Long.toString(range.from() - end, RADIX) + "." + Long.toString(range.to() - range.from(), RADIX);
            var separator = end == committed ? "" : ",";
            if (text.length() + separator.length() + pair.length() > bytes) {
                break;
            }
            text.append(separator).append(pair);
            end = range.to();
        }
        return end == committed ? "" : text.toString();
    }

    /** Total: what no {@link #encode} made means that nothing is known to be finished, so that nothing is skipped. */
    public static FinishedRanges decode(long committed, String text) {
        if (!text.startsWith(VERSION) || text.length() > MAX_BYTES) {
            return NONE;
        }
        var ranges = new ArrayList<Range>();
        var end = committed;
        for (var pair : text.substring(VERSION.length()).split(",", -1)) {
            var next = decodePair(end, pair);
            if (next.isEmpty()) {
                return NONE;
            }
            ranges.add(next.get());
            end = next.get().to();
        }
        return new FinishedRanges(ranges);
    }

    private static Optional<Range> decodePair(long end, String pair) {
        var dot = pair.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        try {
            var gap = Long.parseLong(pair.substring(0, dot), RADIX);
            var length = Long.parseLong(pair.substring(dot + 1), RADIX);
            if (gap < 0 || length < 1) {
                return Optional.empty();
            }
            var from = Math.addExact(end, gap);
            return Optional.of(new Range(from, Math.addExact(from, length)));
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
