package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The header fields that a function sees of an event: bounded, and none that HTTP would not take. Confined to its thread.
 */
final class EventFields {
    /** Longer values are left out. */
    static final int MAX_VALUE = 8 << 10;

    /** With ours, they stay below the 100 fields and 64 KiB that an http-wasm handler reads. */
    private static final int MAX_FIELDS = 80;

    private static final int MAX_BYTES = 32 << 10;
    private static final int MAX_NAME = 128;

    /** CloudEvents 1.0.2, section "Naming conventions". */
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9]+");

    /** RFC 9110, section 5.6.2, in lower case. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9a-z-]+");

    private final List<Header> fields = new ArrayList<>();
    private int bytes;

    /** Ours, which are always there. */
    EventFields own(String name, String value) {
        fields.add(new Header(name, value));
        return this;
    }

    /** A stranger's, if it can be a header field and there is room. */
    void add(String name, String value) {
        var size = name.length() + value.length();
        if (name.length() <= MAX_NAME
                && TOKEN.matcher(name).matches()
                && isValue(value)
                && fields.size() < MAX_FIELDS
                && bytes + size <= MAX_BYTES) {
            bytes += size;
            fields.add(new Header(name, value));
        }
    }

    void add(String prefix, String name, byte[] value) {
        if (value != null && value.length <= MAX_VALUE) {
            add(prefix + name.toLowerCase(Locale.ROOT), new String(value, UTF_8));
        }
    }

    /** A CloudEvents attribute (HTTP protocol binding 1.0.2, section 3.1.3). */
    void attribute(String name, String value) {
        if (isAttribute(name)) {
            add(CloudEventText.FIELD_PREFIX + name, CloudEventText.encode(value));
        }
    }

    List<Header> build() {
        return List.copyOf(fields);
    }

    static boolean isAttribute(String name) {
        return ATTRIBUTE.matcher(name).matches();
    }

    /** Printable ASCII without spaces at its ends; empty is fine. */
    static boolean isValue(String value) {
        return value.length() <= MAX_VALUE
                && value.chars().allMatch(c -> c >= ' ' && c <= '~')
                && value.strip().length() == value.length();
    }
}
