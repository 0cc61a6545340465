package dev.photon.executor.wasm;

import java.util.Set;

/** What header fields of an answer may be (RFC 9110, section 5), and which of them go on. */
final class FieldRules {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    /** Of one connection only (RFC 9110, section 7.6.1), or ours to say. */
    private static final Set<String> DROPPED =
            Set.of("connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length");

    private FieldRules() {}

    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(FieldRules::isTokenCharacter);
    }

    private static boolean isTokenCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || TOKEN_MARKS.indexOf(c) >= 0;
    }

    /** Whether the value has no line break or other control character. */
    static boolean isValue(String text) {
        return text.chars().allMatch(c -> (c >= ' ' && c != 0x7F) || c == '\t');
    }

    static boolean isStatus(int status) {
        return status >= 200 && status <= 599;
    }

    /**
     * Whether a field of a function's answer goes to its client.
     *
     * @param name in lower case
     */
    static boolean isPassedOn(String name) {
        return !DROPPED.contains(name) && !name.startsWith("proxy-");
    }
}
