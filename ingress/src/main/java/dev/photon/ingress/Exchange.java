package dev.photon.ingress;

import dev.photon.protocol.Deadline;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Pieces;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Target;
import dev.photon.registry.Manifest;
import dev.photon.registry.Resolution;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP call that was admitted, from its body to the response. Confined to its event loop.
 *
 * <pre>
 * read the body → await + send … reply → respond, permit back
 * </pre>
 */
final class Exchange {
    private static final byte[] NOTHING = {};

    private final Channels channels;
    private final HttpServerRequest request;
    private final String id;
    private final Resolution.Found found;
    private final Manifest manifest;
    private final Invocation.HttpHead head;
    private final long millis;
    private final Mode mode;
    private final Admission.Permit permit;
    private final CallCounters.Call counted;
    private final boolean framed;
    private final RequestBody body;
    /** That the answer is of: that of the first call where there is a key. */
    private String version;

    private int uploaded;
    private boolean sent;
    /** Whether the call goes on without its request. */
    private boolean left;

    private AnswerStream stream;
    private StreamedResponse streamed;
    private boolean over;

    /**
     * The ways to the log and back.
     *
     * @param source of the invocations (CloudEvents 1.0, "source")
     */
    record Channels(
            PendingReplies pending,
            OutstandingCalls outstanding,
            InvocationSender sender,
            BodyUploads uploads,
            AnswerStreams answers,
            ReplyTo.Ingress replyTo,
            String source) {}

    /**
     * What is known of a call when it is admitted.
     *
     * @param head what the function sees of the request
     * @param millis how long the answer is wanted, from when the body is there
     * @param framed whether a streamed answer goes in {@link Frames}
     */
    record Admitted(
            HttpServerRequest request,
            String id,
            Resolution.Found found,
            Invocation.HttpHead head,
            long millis,
            Mode mode,
            Admission.Permit permit,
            CallCounters.Call counted,
            boolean framed) {}

    /** How the client gets the answer. */
    sealed interface Mode {
        /** It waits. */
        record Waiting() implements Mode {}

        /**
         * It asks for it later.
         *
         * @param open whether everybody may who knows where
         */
        record Later(boolean open) implements Mode {}

        /**
         * It waits for the answer of the first call with its key.
         */
        record Keyed(KeyedRequest call) implements Mode {}
    }

    Exchange(Channels channels, int maxRequestBytes, Admitted admitted) {
        this.channels = channels;
        this.request = admitted.request();
        this.id = admitted.id();
        this.found = admitted.found();
        this.manifest = found.manifest();
        this.head = admitted.head();
        this.millis = admitted.millis();
        this.mode = admitted.mode();
        this.permit = admitted.permit();
        this.counted = admitted.counted();
        this.framed = admitted.framed();
        this.version = manifest.version();
        var bounds = new RequestBody.Bounds(Invocation.MAX_BYTES - sizeOf(head), maxRequestBytes);
        this.body = new RequestBody(request, id, bounds, channels.uploads(), new Received());
    }

    /**
     * Takes the body, and then what the function gets.
     *
     * @param taken of the body, before
     */
    void read(TakenBody taken) {
        request.response().closeHandler(closed -> disconnected());
        request.exceptionHandler(broken -> disconnected());
        body.read(taken);
    }

    private final class Received implements RequestBody.Receiver {
        @Override
        public void part(Buffer some) {
            if (mode instanceof Mode.Keyed keyed) {
                keyed.call().add(some);
            }
        }

        @Override
        public void whole(Buffer whole) {
            invoke(invocation(whole.getBytes()), whole.length());
        }

        @Override
        public void stored(Pieces place) {
            invoke(invocation(NOTHING).in(place), place.size());
        }

        @Override
        public void refused(ErrorKind kind, String message) {
            fail(kind, message);
        }
    }

    private static int sizeOf(Invocation.HttpHead head) {
        var size = head.path().length() + head.query().length();
        for (var header : head.headers()) {
            size += header.name().length() + header.value().length();
        }
        return size;
    }

    private Invocation invocation(byte[] whole) {
        return new Invocation(
                id,
                channels.source(),
                new Target.Resolved(manifest.name(), manifest.version(), manifest.digest(), found.viewPosition()),
                Optional.of(Deadline.in(millis)),
                channels.replyTo(),
                head,
                Optional.ofNullable(request.getHeader("traceparent")),
                whole);
    }

    private void invoke(Invocation invocation, int size) {
        uploaded = size;
        switch (mode) {
            case Mode.Waiting waiting -> sendAndWait(invocation);
            case Mode.Keyed keyed -> sendAndWait(invocation.keyed(keyed.call().key()));
            case Mode.Later later -> sendAndLeave(invocation, later);
        }
    }

    /** The permit is the call's from here on, whether the client goes or stays. */
    private void sendAndLeave(Invocation invocation, Mode.Later later) {
        left = true;
        channels.outstanding().add(id, permit, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
        new LaterCall(channels.sender(), manifest.scaling().pool(), later.open(), channels.replyTo())
                .send(invocation, this::accepted, () -> {
                    channels.outstanding().end(id);
                    fail(ErrorKind.UNAVAILABLE, LogStanding.AWAY);
                });
    }

    private void accepted(ResultPlace place) {
        if (!over) {
            finish();
            counted.accepted(uploaded);
            response()
                    .putHeader(Http.INVOCATION_ID, id)
                    .putHeader(Http.VERSION, manifest.version())
                    .putHeader("preference-applied", Preferences.RESPOND_ASYNC)
                    .putHeader(HttpHeaders.LOCATION, place.path());
            ResultsHandler.sendRunning(response(), id);
        }
    }

    private void sendAndWait(Invocation invocation) {
        var deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        var waiter = new PendingReplies.Waiter(Vertx.currentContext(), deadline, (outcome, by) -> {
            version = by.orElse(version);
            respond(outcome);
        });
        if (!channels.pending().await(id, waiter)) {
            fail(ErrorKind.BAD_REQUEST, "a call of this id is in flight");
            return;
        }
        sent = true;
        channels.sender().send(invocation, manifest.scaling().pool());
    }

    void respond(Reply.Outcome outcome) {
        if (over) {
            return;
        }
        switch (outcome) {
            case Reply.Answer answer -> answer(answer);
            case Reply.Begun begun -> stream(begun);
            case Reply.Failure failure -> {
                if (failure.isReplayed()) {
                    response().putHeader(Reply.REPLAYED, "true");
                }
                fail(failure.kind(), failure.message());
            }
        }
    }

    /** An answer that is still being written. The first run that says so is followed, whatever others say. */
    private void stream(Reply.Begun begun) {
        if (request.version() == HttpVersion.HTTP_1_0) {
            var client = new WholeResponse(
                    body -> respond(new Reply.Answer(begun.status(), begun.headers(), body.getBytes())), failure -> {
                        respond(failure);
                        channels.sender().cancel(id);
                    });
            stream = channels.answers().open(begun, client);
        } else if (addHeaders(begun.headers())) {
            response().setStatusCode(begun.status());
            if (Http.hasNoContent(begun.status()) || request.method().equals(HttpMethod.HEAD)) {
                count(begun.status(), 0);
                response().end();
            } else {
                streamed = framed
                        ? StreamedResponse.framed(request, over(begun.status()), StreamedResponse.SIGNS)
                        : StreamedResponse.to(request, over(begun.status()));
                stream = channels.answers().open(begun, streamed);
            }
        }
    }

    private StreamedResponse.Over over(int status) {
        return new StreamedResponse.Over() {
            @Override
            public void complete(long bytes) {
                if (!over) {
                    count(status, bytes);
                }
            }

            @Override
            public void broken(Reply.Failure reason, long bytes) {
                if (!over) {
                    finish();
                    counted.broken(reason.kind(), uploaded, (int) bytes);
                    // Another executor may have begun it again, for nobody.
                    channels.sender().cancel(id);
                }
            }
        };
    }

    private HttpServerResponse response() {
        return request.response();
    }

    private void count(int status, long downloaded) {
        finish();
        counted.answered(status, uploaded, (int) downloaded);
    }

    /** Whether HTTP allows them; if not, that is the answer. */
    private boolean addHeaders(List<Header> headers) {
        if (!FunctionAnswer.addFields(response(), headers, this::isAnswered)) {
            fail(ErrorKind.FUNCTION_FAILED, "the function's answer has a header that HTTP does not allow");
            return false;
        }
        response().putHeader(Http.INVOCATION_ID, id).putHeader(Http.VERSION, version);
        return true;
    }

    private boolean isAnswered(String field) {
        return !(manifest.cors().isPresent() && CrossOrigin.isOurs(field));
    }

    private void answer(Reply.Answer answer) {
        if (!addHeaders(answer.headers())) {
            return;
        }
        var empty = Http.hasNoContent(answer.status()) || request.method().equals(HttpMethod.HEAD);
        count(answer.status(), empty ? 0 : answer.body().length);
        FunctionAnswer.end(response(), answer);
    }

    void fail(ErrorKind kind, String message) {
        if (over) {
            return;
        }
        finish();
        counted.failed(kind, uploaded);
        if (kind == ErrorKind.UNAVAILABLE) {
            Hop.tellUnanswered(request);
        }
        request.response().putHeader(Http.VERSION, version);
        new Problem(kind, message, Optional.of(id)).send(request.response());
        Leftovers.drop(request);
    }

    private void disconnected() {
        if (!over) {
            finish();
            if (sent) {
                counted.abandoned(uploaded, streamed == null ? 0 : (int) streamed.written());
                channels.pending().forget(id);
                // Who has a key asks again.
                if (!(mode instanceof Mode.Keyed)) {
                    channels.sender().cancel(id);
                }
            } else {
                counted.disconnected();
            }
        }
    }

    private void finish() {
        over = true;
        body.forget();
        if (stream != null) {
            stream.close();
        }
        if (!left) {
            permit.close();
        }
    }
}
