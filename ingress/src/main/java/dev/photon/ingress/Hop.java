package dev.photon.ingress;

import dev.photon.protocol.InvocationIds;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * That a call has come from another region's ingress, which is as far as calls go. It travels in one header field:
 * {@code photon-forwarded: us-east; id=0123…; version=1.2.0; millis=14950; framed=1; proof=4567…}.
 *
 * <p>Anybody can send such a field. Without the proof of {@link HopSeal} it says only that the call goes no further, and
 * has less time: a version that a stranger chose would be kept by caches as that of the URL.
 *
 * @param from the other region
 * @param id of the invocation; empty when there is none, or none that is like ours
 * @param version that the other ingress chose
 * @param millis how long the answer is wanted, from when the body is there; at least 1
 * @param framed whether a streamed answer may come in {@link Frames}
 */
record Hop(String from, Optional<String> id, Optional<String> version, long millis, boolean framed) {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final long NO_LIMIT = Long.MAX_VALUE;

    /** What a request says; what cannot be understood or believed counts as not said. */
    static Optional<Hop> of(HttpServerRequest request, Optional<HopSeal> seal) {
        return Optional.ofNullable(request.getHeader(Http.FORWARDED)).map(text -> of(text, request.path(), seal));
    }

    static Hop of(String text, String path, Optional<HopSeal> seal) {
        return seal.flatMap(ours -> ours.open(text, path))
                .map(Hop::parse)
                .orElseGet(() -> parse(text).withoutChoices());
    }

    private Hop withoutChoices() {
        return new Hop(from, Optional.empty(), Optional.empty(), millis, false);
    }

    /** Tells whoever forwarded a call that nothing of it has run, nor will. */
    static void tellNotRun(HttpServerRequest request) {
        if (request.headers().contains(Http.FORWARDED)) {
            request.response().putHeader(Http.NOT_RUN, "true");
        }
    }

    /** Tells whoever forwarded a call that no answer of it comes from here, though it may have run. */
    static void tellUnanswered(HttpServerRequest request) {
        if (request.headers().contains(Http.FORWARDED)) {
            request.response().putHeader(Http.UNANSWERED, "true");
        }
    }

    static Hop parse(String text) {
        var parts = text.split(";", -1);
        var values = new HashMap<String, String>();
        Arrays.stream(parts).skip(1).map(part -> part.strip().split("=", 2)).forEach(pair -> {
            if (pair.length == 2) {
                values.putIfAbsent(pair[0], pair[1]);
            }
        });
        return new Hop(
                parts[0].strip(),
                Optional.ofNullable(values.get("id"))
                        .filter(id -> ID.matcher(id).matches()),
                Optional.ofNullable(values.get("version")).filter(version -> !version.isEmpty()),
                millis(values.getOrDefault("millis", "")),
                values.getOrDefault("framed", "").equals("1"));
    }

    private static long millis(String text) {
        try {
            return Math.max(1, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return NO_LIMIT;
        }
    }

    /** The call's id, unless a call of that id waits here already: then it is a new one. */
    String idBeside(PendingReplies pending) {
        return id.filter(given -> !pending.has(given)).orElseGet(InvocationIds::next);
    }

    /**
     * @param own milliseconds that it would have had if it had come from a client
     */
    long atMost(long own) {
        return Math.min(own, millis);
    }

    String text() {
        var text = new StringBuilder(from);
        id.ifPresent(value -> text.append("; id=").append(value));
        version.ifPresent(value -> text.append("; version=").append(value));
        text.append("; millis=").append(millis);
        return framed ? text.append("; framed=1").toString() : text.toString();
    }
}
