package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What the keys of records tell by themselves, so that most records need not be decoded. */
final class StateKeys {
    private StateKeys() {}

    /** What a record is about, as {@link State} names it; empty without a key. */
    static String kind(byte[] key) {
        if (key == null) {
            return "";
        }
        var end = 0;
        while (end < key.length && key[end] != '/') {
            end++;
        }
        return new String(key, 0, end, UTF_8);
    }

    /** Whether other regions take over what the record says, if it is a state. */
    static boolean isForAll(byte[] key) {
        return switch (kind(key)) {
            case State.VERSION, State.ALIAS -> parts(key) == 3;
            case State.HISTORY, State.API_KEY, State.REGION -> parts(key) == 2;
            default -> false;
        };
    }

    /** Whether a record is about a version, or about where content lies that came from elsewhere. */
    static boolean isAboutContent(byte[] key) {
        var kind = kind(key);
        return kind.equals(State.VERSION) || kind.equals(State.PLACED);
    }

    private static int parts(byte[] key) {
        var parts = 1;
        for (var each : key) {
            parts += each == '/' ? 1 : 0;
        }
        return parts;
    }
}
