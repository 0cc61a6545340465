package dev.photon.protocol;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a commit of a trigger's group says beside its offset. As text, all numbers but the generation in base 36:
 *
 * <pre>
 *   17;2s;5.2,3.1;1:2.5,1.9
 *   │  │  │       └ finished behind the commit, see {@link FinishedRanges}
 *   │  │  └ attempts: how many offsets lie between it and what came before, and how many attempts were begun
 *   │  └ how many offsets behind the commit may have begun; 0 when the owner let go of the partition with nothing running
 *   └ generation
 * </pre>
 *
 * @param generation of the position that the trigger went on from
 * @param begun the offset before which records may have begun; the committed one when none runs
 * @param attempts begun of records that are not finished, as far as they are known, by offset: each at least 1
 */
public record TriggerCommit(long generation, long begun, SortedMap<Long, Integer> attempts, FinishedRanges finished) {
    /** Attempts are kept of so many records. */
    public static final int MAX_ATTEMPTS = 64;

    private static final String SEPARATOR = ";";
    private static final int RADIX = 36;

    public TriggerCommit {
        attempts = Collections.unmodifiableSortedMap(new TreeMap<>(attempts));
    }

    /** The text, of at most {@link FinishedRanges#MAX_BYTES} of ASCII. What of the finished ranges does not fit is left out. */
    public String encode(long committed) {
        var head = String.join(
                SEPARATOR,
                Long.toString(generation),
                Long.toString(Math.max(0, begun - committed), RADIX),
                attemptsText(committed),
                "");
        return head + finished.encode(committed, FinishedRanges.MAX_BYTES - head.length());
    }

    private String attemptsText(long committed) {
        var text = new StringBuilder();
        var before = committed;
        var left = MAX_ATTEMPTS;
        for (var entry : attempts.tailMap(committed).entrySet()) {
            if (left-- == 0) {
                break;
            }
            text.append(text.isEmpty() ? "" : ",")
                    .append(Long.toString(entry.getKey() - before, RADIX))
                    .append('.')
                    .append(Integer.toString(entry.getValue(), RADIX));
            before = entry.getKey();
        }
        return text.toString();
    }

    /** Total: empty for a text that no {@link #encode} made. */
    public static Optional<TriggerCommit> decode(long committed, String text) {
        var parts = text.length() > FinishedRanges.MAX_BYTES ? new String[0] : text.split(SEPARATOR, -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        try {
            var generation = Long.parseLong(parts[0]);
            var begun = Long.parseLong(parts[1], RADIX);
            return generation < 0 || begun < 0
                    ? Optional.empty()
                    : Optional.of(new TriggerCommit(
                            generation,
                            Math.addExact(committed, begun),
                            attempts(committed, parts[2]),
                            FinishedRanges.decode(committed, parts[3])));
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static SortedMap<Long, Integer> attempts(long committed, String text) {
        var attempts = new TreeMap<Long, Integer>();
        var before = committed;
        for (var pair : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            var dot = pair.indexOf('.');
            var gap = Long.parseLong(pair.substring(0, Math.max(0, dot)), RADIX);
            var count = Integer.parseInt(pair.substring(dot + 1), RADIX);
            if (gap < 0 || count < 1) {
                throw new NumberFormatException("not a gap and a count");
            }
            before = Math.addExact(before, gap);
            attempts.put(before, count);
        }
        return attempts;
    }

    /** The generation that a commit's metadata tells, whatever the offset. */
    public static Optional<Long> generation(String metadata) {
        return decode(0, metadata).map(TriggerCommit::generation);
    }
}
