package dev.photon.ingress;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Pattern;

/**
 * The key by which a client says that several requests are one ({@code Idempotency-Key},
 * draft-ietf-httpapi-idempotency-key-header). It is a string in quotes (RFC 8941, section 3.3.3); as many clients leave
 * the quotes away, a word without them is taken as well.
 */
sealed interface IdempotencyKey {
    String FIELD = "idempotency-key";
    int MOST_CHARACTERS = 255;
    Pattern QUOTED = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*)\"");
    Pattern WORD = Pattern.compile("[!#-+\\--:<-\\[\\]-~]+");

    /** The request has none, or is of a method that needs none. */
    record None() implements IdempotencyKey {}

    record Given(String text) implements IdempotencyKey {}

    /**
     * @param reason one sentence for the caller
     */
    record Malformed(String reason) implements IdempotencyKey {}

    static IdempotencyKey of(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.POST) && !request.method().equals(HttpMethod.PATCH)) {
            return new None();
        }
        if (!request.headers().contains(FIELD)) {
            return new None();
        }
        var values = request.headers().getAll(FIELD);
        return values.size() == 1 ? parse(values.getFirst()) : new Malformed("there is more than one idempotency key");
    }

    static IdempotencyKey parse(String value) {
        var text = value.strip();
        var quoted = QUOTED.matcher(text);
        var key = text;
        if (quoted.matches()) {
            key = quoted.group(1).replaceAll("\\\\(.)", "$1");
        } else if (!WORD.matcher(text).matches()) {
            return new Malformed("an idempotency key is a string in double quotes, of printable ASCII characters");
        }
        return key.isEmpty() || key.length() > MOST_CHARACTERS
                ? new Malformed("an idempotency key has 1 to %d characters".formatted(MOST_CHARACTERS))
                : new Given(key);
    }
}
