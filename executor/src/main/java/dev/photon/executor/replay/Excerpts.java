package dev.photon.executor.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Header;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;

/** What a report shows of records and answers, all of it short. Stateless. */
final class Excerpts {
    private static final int KEY_BYTES = 200;
    private static final int BODY_BYTES = 160;
    private static final int BEFORE_BYTES = 40;
    private static final int MESSAGE_CHARACTERS = 300;
    private static final int FIELDS = 20;

    private Excerpts() {}

    /** What is not UTF-8 becomes a replacement. */
    static String key(byte[] key) {
        return text(key, 0, KEY_BYTES);
    }

    static String message(String message) {
        return cut(message, MESSAGE_CHARACTERS);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }

    private static String text(byte[] bytes, int from, int most) {
        var begin = Math.min(from, bytes.length);
        return new String(Arrays.copyOfRange(bytes, begin, Math.min(bytes.length, begin + most)), UTF_8);
    }

    /** The body around where two begin to differ, as far as they are kept. */
    static String body(byte[] beginning, int differsAt) {
        return text(beginning, Math.max(0, differsAt - BEFORE_BYTES), BODY_BYTES);
    }

    /** Where two begin to differ; 0 when they do not as far as they are kept. */
    static int firstDifference(byte[] one, byte[] other) {
        return Math.max(0, Arrays.mismatch(one, other));
    }

    static JsonArray fields(List<Header> headers) {
        var fields = new JsonArray();
        headers.stream()
                .limit(FIELDS)
                .forEach(header -> fields.add(new JsonObject()
                        .put("name", cut(header.name(), KEY_BYTES))
                        .put("value", cut(header.value(), KEY_BYTES))));
        return fields;
    }
}
