package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.CallKey;
import dev.photon.protocol.Digest;
import dev.photon.protocol.Invocation;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** A request with an idempotency key: whose it is, and what makes it the same as another one. Confined to its event loop. */
final class KeyedRequest {
    private static final List<CharSequence> CREDENTIALS = List.of(HttpHeaders.AUTHORIZATION, HttpHeaders.COOKIE);

    private final String hash;
    private final MessageDigest payload = Digest.accumulator();

    /**
     * @param hash of the key
     * @param version that the caller asked for, or an alias
     */
    KeyedRequest(String hash, Invocation.HttpHead head, Optional<String> version) {
        this.hash = hash;
        var prefix = head.headers().stream()
                .filter(header -> header.name().equals(Http.FORWARDED_PREFIX))
                .findFirst()
                .map(header -> header.value());
        for (var part : List.of(head.method(), head.path(), head.query(), prefix.orElse(""), version.orElse(""))) {
            payload.update(part.getBytes(UTF_8));
            payload.update((byte) '\n');
        }
    }

    /**
     * Who calls: that of the API key, or whoever has the same credentials for the function, so that none gets an answer of
     * another one's.
     */
    static CallKey.Caller caller(HttpServerRequest request, Access.Verdict verdict) {
        if (verdict instanceof Access.Verdict.Granted granted && granted.isByKey()) {
            return new CallKey.Caller.Key(granted.by());
        }
        var credentials = Digest.accumulator();
        for (var field : CREDENTIALS) {
            for (var value : request.headers().getAll(field)) {
                credentials.update((field + ": " + value + '\n').getBytes(UTF_8));
            }
        }
        return new CallKey.Caller.Anybody(Digest.finish(credentials));
    }

    /** Takes a part of the body. */
    void add(Buffer part) {
        payload.update(part.getBytes());
    }

    /** Once the whole body was added. */
    CallKey key() {
        return new CallKey(hash, Digest.finish(payload));
    }
}
