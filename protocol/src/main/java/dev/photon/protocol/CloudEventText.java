package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Attributes of CloudEvents in Kafka's headers, where they are plain text, and in HTTP's, where they are percent-encoded
 * (CloudEvents HTTP Protocol Binding 1.0.2, section 3.1.3.2).
 */
final class CloudEventText {
    /** Before an attribute's name in an HTTP header. */
    static final String FIELD_PREFIX = "ce-";

    /** Before an attribute's name in a Kafka header. */
    static final String RECORD_PREFIX = "ce_";

    private CloudEventText() {}

    static String encode(String value) {
        var text = new StringBuilder(value.length());
        for (var octet : value.getBytes(UTF_8)) {
            if (octet > ' ' && octet <= '~' && octet != '"' && octet != '%') {
                text.append((char) octet);
            } else {
                text.append("%%%02X".formatted(octet & 0xFF));
            }
        }
        return text.toString();
    }

    /** What is not percent-encoded well is taken as it is. */
    static String decode(String value) {
        return PathDecoder.decode(value).orElse(value);
    }
}
