package dev.photon.ingress;

import dev.photon.protocol.Deadline;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.Pieces;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Target;
import dev.photon.registry.FunctionView;
import dev.photon.registry.KeyRole;
import dev.photon.registry.Manifest;
import dev.photon.registry.Resolution;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One HTTP call of a function, from the request to the response, on the request's event loop.
 *
 * <pre>
 * gate open? → key → resolve → admit → read the body → await + send … reply → respond, permit back
 * </pre>
 */
final class InvocationHandler {
    private static final byte[] NOTHING = {};

    private final FunctionView view;
    private final Access access;
    private final Admission admission;
    private final PendingReplies pending;
    private final InvocationSender sender;
    private final BodyUploads uploads;
    private final AnswerStreams answers;
    private final ReplyTo.Ingress replyTo;
    private final int queueMillis;
    private final int maxBodyBytes;
    private final CallCounters counters;
    private final StaticFiles files;
    private final String source;

    /** The ways to the log and back. */
    record Channels(PendingReplies pending, InvocationSender sender, BodyUploads uploads, AnswerStreams answers) {}

    InvocationHandler(
            FunctionView view,
            Access access,
            Admission admission,
            Channels channels,
            ReplyTo.Ingress replyTo,
            IngressConfig config,
            CallCounters counters,
            StaticFiles files) {
        this.view = view;
        this.access = access;
        this.admission = admission;
        this.pending = channels.pending();
        this.sender = channels.sender();
        this.uploads = channels.uploads();
        this.answers = channels.answers();
        this.replyTo = replyTo;
        this.queueMillis = config.queueMillis();
        this.maxBodyBytes = config.maxRequestBytes();
        this.counters = counters;
        this.files = files;
        this.source = "/photon/ingress/" + replyTo.instance();
    }

    /**
     * Which function is called, and with what.
     *
     * @param path what the function sees as its path, percent-encoded
     * @param files whether the version's files are asked for, too
     */
    record Call(String function, Optional<String> version, String path, boolean files) {}

    void handle(HttpServerRequest request, Call call) {
        var started = System.nanoTime();
        var id = InvocationIds.next();
        var resolution = view.resolve(call.function(), call.version(), id);
        if (access.check(request, KeyRole.INVOKE) instanceof Access.Verdict.Refused refused && !isPublic(resolution)) {
            refuse(request, refused.problem());
            return;
        }
        switch (resolution) {
            case Resolution.Found found -> {
                if (call.files() && found.manifest().assets().isPresent()) {
                    files.handle(
                            request, found.manifest(), call.path(), () -> admit(request, id, call, found, started));
                } else {
                    admit(request, id, call, found, started);
                }
            }
            case Resolution.NoFunction none ->
                refuse(request, new Problem(ErrorKind.NOT_FOUND, "there is no function '" + none.name() + "'"));
            case Resolution.NoVersion none ->
                refuse(
                        request,
                        new Problem(
                                ErrorKind.NOT_FOUND,
                                "function '%s' has no version or alias '%s'".formatted(none.name(), none.version())));
        }
    }

    /** The call that a path of no function's own name is, where a function's {@code execute_url_suffix} says so. */
    Optional<Call> calledAt(String path) {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            var suffix = path.substring(0, slash);
            var end = path.indexOf('/', slash + 1);
            var name = end < 0 ? path.substring(slash + 1) : path.substring(slash + 1, end);
            if (view.latest(name)
                    .filter(latest -> latest.urlSuffix().equals(suffix))
                    .isPresent()) {
                return Optional.of(new Call(name, Optional.empty(), end < 0 ? "" : path.substring(end), true));
            }
        }
        return Optional.empty();
    }

    private static boolean isPublic(Resolution resolution) {
        return resolution instanceof Resolution.Found found && found.manifest().auth() == Manifest.Auth.PUBLIC;
    }

    private void admit(HttpServerRequest request, String id, Call call, Resolution.Found found, long started) {
        if (found.manifest().filesOnly()) {
            refuse(
                    request,
                    new Problem(ErrorKind.NOT_FOUND, "'" + found.manifest().name() + "' has files, and no function"));
            return;
        }
        if (sender.stuck()) {
            refuse(request, new Problem(ErrorKind.UNAVAILABLE, "the event log does not take requests now"));
            return;
        }
        var permit = admission.tryAdmit(found.manifest().name());
        if (permit.isEmpty()) {
            counters.overloaded(found.manifest().name(), found.manifest().version());
            refuse(request, new Problem(ErrorKind.OVERLOADED, "too many requests are in flight"));
            return;
        }
        new Exchange(request, id, found, permit.get(), started).read(call);
    }

    private void refuse(HttpServerRequest request, Problem problem) {
        counters.refused(problem.kind());
        problem.send(request.response());
        Leftovers.drop(request);
    }

    private static int sizeOf(Invocation.HttpHead head) {
        var size = head.path().length() + head.query().length();
        for (var header : head.headers()) {
            size += header.name().length() + header.value().length();
        }
        return size;
    }

    /** A request that was admitted. Confined to its event loop. */
    private final class Exchange {
        private final HttpServerRequest request;
        private final String id;
        private final Resolution.Found found;
        private final Manifest manifest;
        private final Admission.Permit permit;
        private final CallCounters.Call counted;
        private RequestBody body;
        private int uploaded;
        private boolean sent;
        private AnswerStream stream;
        private StreamedResponse streamed;
        private boolean over;

        Exchange(HttpServerRequest request, String id, Resolution.Found found, Admission.Permit permit, long started) {
            this.request = request;
            this.id = id;
            this.found = found;
            this.manifest = found.manifest();
            this.permit = permit;
            this.counted = counters.admitted(manifest.name(), manifest.version(), started);
            request.response().closeHandler(closed -> disconnected());
            request.exceptionHandler(broken -> disconnected());
        }

        /** Takes the body, and then what the function gets. */
        void read(Call call) {
            var head = head(call);
            if (head.headers().size() > Http.MAX_FIELDS) {
                fail(ErrorKind.FIELDS_TOO_LARGE, "a call has at most " + Http.MAX_FIELDS + " header fields");
                return;
            }
            var bounds = new RequestBody.Bounds(Invocation.MAX_BYTES - sizeOf(head), maxBodyBytes);
            body = new RequestBody(request, id, bounds, uploads, new RequestBody.Receiver() {
                @Override
                public void whole(Buffer whole) {
                    invoke(invocation(head, whole.getBytes()), whole.length());
                }

                @Override
                public void stored(Pieces place) {
                    invoke(invocation(head, NOTHING).in(place), place.size());
                }

                @Override
                public void refused(ErrorKind kind, String message) {
                    fail(kind, message);
                }
            });
            body.read();
        }

        private Invocation.HttpHead head(Call call) {
            var query = Optional.ofNullable(request.query()).orElse("");
            return new Invocation.HttpHead(request.method().name(), call.path(), query, Http.forwarded(request));
        }

        private Invocation invocation(Invocation.HttpHead head, byte[] whole) {
            return new Invocation(
                    id,
                    source,
                    new Target.Resolved(manifest.name(), manifest.version(), manifest.digest(), found.viewPosition()),
                    Optional.of(Deadline.in(millis())),
                    replyTo,
                    head,
                    Optional.ofNullable(request.getHeader("traceparent")),
                    whole);
        }

        private long millis() {
            return manifest.limits().timeoutMillis() + queueMillis;
        }

        private void invoke(Invocation invocation, int size) {
            uploaded = size;
            var deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis());
            pending.await(id, new PendingReplies.Waiter(Vertx.currentContext(), deadline, this::respond));
            sent = true;
            sender.send(invocation);
        }

        void respond(Reply.Outcome outcome) {
            if (over) {
                return;
            }
            switch (outcome) {
                case Reply.Answer answer -> answer(answer);
                case Reply.Begun begun -> stream(begun);
                case Reply.Failure failure -> fail(failure.kind(), failure.message());
            }
        }

        /** An answer that is still being written. The first run that says so is followed, whatever others say. */
        private void stream(Reply.Begun begun) {
            if (request.version() == HttpVersion.HTTP_1_0) {
                var client = new WholeResponse(
                        body -> respond(new Reply.Answer(begun.status(), begun.headers(), body.getBytes())),
                        failure -> {
                            respond(failure);
                            sender.cancel(id);
                        });
                stream = answers.open(begun, client);
            } else if (addHeaders(begun.headers())) {
                response().setStatusCode(begun.status());
                if (hasNoContent(begun.status()) || request.method().equals(HttpMethod.HEAD)) {
                    count(begun.status(), 0);
                    response().end();
                } else {
                    streamed = new StreamedResponse(request, over(begun.status()));
                    stream = answers.open(begun, streamed);
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
                        sender.cancel(id);
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
            try {
                headers.stream()
                        .filter(header -> Http.isAnswered(header.name()))
                        .forEach(header -> response().headers().add(header.name(), header.value()));
            } catch (IllegalArgumentException e) {
                response().headers().clear();
                fail(ErrorKind.FUNCTION_FAILED, "the function's answer has a header that HTTP does not allow");
                return false;
            }
            response().putHeader(Http.INVOCATION_ID, id).putHeader(Http.VERSION, manifest.version());
            return true;
        }

        private void answer(Reply.Answer answer) {
            if (!addHeaders(answer.headers())) {
                return;
            }
            var noContent = hasNoContent(answer.status());
            response().setStatusCode(answer.status());
            count(answer.status(), noContent || request.method().equals(HttpMethod.HEAD) ? 0 : answer.body().length);
            if (noContent) {
                response().end();
            } else {
                response().end(Buffer.buffer(answer.body()));
            }
        }

        /** 204 and 304 (RFC 9110, sections 15.3.5 and 15.4.5), whatever the function wrote. */
        private static boolean hasNoContent(int status) {
            return status == 204 || status == 304;
        }

        void fail(ErrorKind kind, String message) {
            finish();
            counted.failed(kind, uploaded);
            request.response().putHeader(Http.VERSION, manifest.version());
            new Problem(kind, message, Optional.of(id)).send(request.response());
            Leftovers.drop(request);
        }

        private void disconnected() {
            if (!over) {
                finish();
                if (sent) {
                    counted.abandoned(uploaded, streamed == null ? 0 : (int) streamed.written());
                    pending.forget(id);
                    sender.cancel(id);
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
            permit.close();
        }
    }
}
