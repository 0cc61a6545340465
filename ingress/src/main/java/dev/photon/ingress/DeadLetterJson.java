package dev.photon.ingress;

import dev.photon.ingress.deadletters.DeadLetterReader;
import dev.photon.ingress.deadletters.Summary;
import dev.photon.protocol.DeadLetter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** Dead letters as the API tells of them. */
final class DeadLetterJson {
    private DeadLetterJson() {}

    static JsonObject page(DeadLetterReader.Page page) {
        var letters = new JsonArray();
        page.letters().forEach(letter -> letters.add(summary(letter)));
        var json = new JsonObject().put("deadLetters", letters).put("complete", page.complete());
        page.next().ifPresent(next -> json.put("next", next.toString()));
        return json;
    }

    private static JsonObject summary(Summary letter) {
        return described(letter.id(), letter.timestamp(), letter.failure(), letter.kept())
                .put("valueBytes", letter.valueBytes());
    }

    /** With all that its publisher wrote. */
    static JsonObject whole(DeadLetter letter) {
        var original = letter.original();
        var headers = new JsonArray();
        for (var header : original.headers()) {
            headers.add(content(Optional.ofNullable(header.value())).put("name", header.key()));
        }
        var json = described(letter.id(), letter.timestamp(), letter.failure(), original.kept())
                .put("headers", headers);
        original.key().ifPresent(key -> json.put("key", content(Optional.of(key))));
        original.value().ifPresent(value -> json.put("value", content(Optional.of(value))));
        return json;
    }

    private static JsonObject described(
            DeadLetter.Id id, long timestamp, DeadLetter.Failure failure, DeadLetter.Kept kept) {
        var json = new JsonObject()
                .put("id", id.toString())
                .put("function", id.function())
                .put("topic", id.topic())
                .put("partition", id.partition())
                .put("offset", id.offset())
                .put("attempts", failure.attempts())
                .put("error", failure.kind().code())
                .put("message", failure.message())
                .put("failedAt", time(failure.failedAt()))
                .put("kept", kept.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        failure.version().ifPresent(version -> json.put("version", version));
        if (timestamp >= 0) {
            json.put("timestamp", time(timestamp));
        }
        return json;
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    /** Its bytes, and what they say if they are text. */
    private static JsonObject content(Optional<byte[]> bytes) {
        var json = new JsonObject();
        bytes.ifPresent(content -> {
            json.put("base64", Base64.getEncoder().encodeToString(content));
            text(content).ifPresent(text -> json.put("text", text));
        });
        return json;
    }

    private static Optional<String> text(byte[] bytes) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return Optional.of(text).filter(read -> read.chars().noneMatch(DeadLetterJson::isControl));
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isControl(int character) {
        return Character.isISOControl(character) && character != '\n' && character != '\r' && character != '\t';
    }
}
