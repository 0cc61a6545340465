package dev.photon.ingress;

import java.util.Optional;
import java.util.regex.Pattern;

/** What of a representation is wanted (RFC 9110, section 14). */
sealed interface ByteRange {
    /** Everything. */
    record Whole() implements ByteRange {}

    /**
     * A part of it.
     *
     * @param first the first byte's position
     * @param length at least 1
     */
    record Part(long first, long length) implements ByteRange {
        /** The value of Content-Range. */
        String contentRange(long size) {
            return "bytes " + first + "-" + (first + length - 1) + "/" + size;
        }
    }

    /** Nothing that is there: 416. */
    record Unsatisfiable() implements ByteRange {}

    Pattern BYTES = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*", Pattern.CASE_INSENSITIVE);

    /**
     * Reads a Range field. Other units, several ranges and what is no range are ignored, as section 14.2 allows.
     *
     * @param size of the whole representation, in bytes
     */
    static ByteRange of(Optional<String> field, long size) {
        var range = BYTES.matcher(field.orElse(""));
        if (!range.matches()) {
            return new Whole();
        }
        var first = number(range.group(1));
        var last = number(range.group(2));
        if (first.isEmpty()) {
            return last.isEmpty() ? new Whole() : suffix(last.get(), size);
        }
        if (last.isPresent() && last.get() < first.get()) {
            return new Whole();
        }
        if (first.get() >= size) {
            return new Unsatisfiable();
        }
        var end = Math.min(last.orElse(Long.MAX_VALUE), size - 1);
        return new Part(first.get(), end - first.get() + 1);
    }

    private static ByteRange suffix(long length, long size) {
        if (length == 0 || size == 0) {
            return new Unsatisfiable();
        }
        var part = Math.min(length, size);
        return new Part(size - part, part);
    }

    private static Optional<Long> number(String digits) {
        return digits.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(digits));
    }
}
