package dev.photon.ingress;

import dev.photon.protocol.Deadline;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationIds;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One HTTP call of a function, from the request to the response, on the request's event loop.
 *
 * <pre>
 * gate open? → key → resolve → admit → read the body → await + send … reply → respond, permit back
 * </pre>
 */
final class InvocationHandler {
    private final FunctionView view;
    private final Access access;
    private final Admission admission;
    private final PendingReplies pending;
    private final InvocationSender sender;
    private final ReplyTo.Ingress replyTo;
    private final int queueMillis;
    private final CallCounters counters;
    private final String source;

    InvocationHandler(
            FunctionView view,
            Access access,
            Admission admission,
            PendingReplies pending,
            InvocationSender sender,
            ReplyTo.Ingress replyTo,
            IngressConfig config,
            CallCounters counters) {
        this.view = view;
        this.access = access;
        this.admission = admission;
        this.pending = pending;
        this.sender = sender;
        this.replyTo = replyTo;
        this.queueMillis = config.queueMillis();
        this.counters = counters;
        this.source = "/photon/ingress/" + replyTo.instance();
    }

    /**
     * Which function is called, and with what.
     *
     * @param path what the function sees as its path
     */
    record Call(String function, Optional<String> version, String path) {}

    void handle(HttpServerRequest request, Call call) {
        var started = System.nanoTime();
        var id = InvocationIds.next();
        var resolution = view.resolve(call.function(), call.version(), id);
        if (access.check(request, KeyRole.INVOKE) instanceof Access.Verdict.Refused refused && !isPublic(resolution)) {
            refuse(request, refused.problem());
            return;
        }
        switch (resolution) {
            case Resolution.Found found -> admit(request, id, call, found, started);
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

    /** Whether the function that this path ends with wishes to be called there. */
    boolean isCalledAt(String path) {
        var slash = path.lastIndexOf('/');
        return slash > 0
                && view.latest(path.substring(slash + 1))
                        .filter(latest -> latest.urlSuffix().equals(path.substring(0, slash)))
                        .isPresent();
    }

    private static boolean isPublic(Resolution resolution) {
        return resolution instanceof Resolution.Found found && found.manifest().auth() == Manifest.Auth.PUBLIC;
    }

    private void admit(HttpServerRequest request, String id, Call call, Resolution.Found found, long started) {
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
        var exchange = new Exchange(request, id, found.manifest(), permit.get(), started);
        exchange.readBody(body -> invoke(exchange, call, found, body));
    }

    private void refuse(HttpServerRequest request, Problem problem) {
        counters.refused(problem.kind());
        problem.send(request.response());
        Leftovers.drop(request);
    }

    private void invoke(Exchange exchange, Call call, Resolution.Found found, Buffer body) {
        exchange.uploaded = body.length();
        var request = exchange.request;
        var manifest = found.manifest();
        var headers = Http.forwarded(request.headers());
        var query = Optional.ofNullable(request.query()).orElse("");
        if (body.length() + sizeOf(headers) + query.length() + call.path().length() > Invocation.MAX_BYTES) {
            exchange.fail(
                    ErrorKind.TOO_LARGE, "a request has at most " + Invocation.MAX_BYTES + " bytes, headers included");
            return;
        }
        var millis = manifest.limits().timeoutMillis() + queueMillis;
        var invocation = new Invocation(
                exchange.id,
                source,
                new Target.Resolved(manifest.name(), manifest.version(), manifest.digest(), found.viewPosition()),
                Optional.of(Deadline.in(millis)),
                replyTo,
                new Invocation.HttpHead(request.method().name(), call.path(), query, headers),
                Optional.ofNullable(request.getHeader("traceparent")),
                body.getBytes());
        var deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        pending.await(exchange.id, new PendingReplies.Waiter(Vertx.currentContext(), deadline, exchange::respond));
        exchange.sent = true;
        sender.send(invocation);
    }

    private static int sizeOf(List<Header> headers) {
        var size = 0;
        for (var header : headers) {
            size += header.name().length() + header.value().length();
        }
        return size;
    }

    /** A request that was admitted. Confined to its event loop. */
    private final class Exchange {
        private final HttpServerRequest request;
        private final String id;
        private final Manifest manifest;
        private final Admission.Permit permit;
        private final CallCounters.Call counted;
        private int uploaded;
        private boolean sent;
        private boolean over;

        Exchange(HttpServerRequest request, String id, Manifest manifest, Admission.Permit permit, long started) {
            this.request = request;
            this.id = id;
            this.manifest = manifest;
            this.permit = permit;
            this.counted = counters.admitted(manifest.name(), manifest.version(), started);
            request.response().closeHandler(closed -> disconnected());
            request.exceptionHandler(broken -> disconnected());
        }

        /** Collects the body, but no more of it than is allowed. */
        void readBody(Consumer<Buffer> then) {
            var body = Buffer.buffer();
            request.handler(part -> {
                if (body.length() + part.length() <= Invocation.MAX_BYTES) {
                    body.appendBuffer(part);
                } else {
                    fail(
                            ErrorKind.TOO_LARGE,
                            "a request has at most " + Invocation.MAX_BYTES + " bytes, headers included");
                }
            });
            request.endHandler(end -> {
                if (!over) {
                    then.accept(body);
                }
            });
        }

        void respond(Reply.Outcome outcome) {
            if (over) {
                return;
            }
            switch (outcome) {
                case Reply.Answer answer -> answer(answer);
                case Reply.Failure failure -> fail(failure.kind(), failure.message());
            }
        }

        private void answer(Reply.Answer answer) {
            var response = request.response().setStatusCode(answer.status());
            try {
                for (var header : answer.headers()) {
                    response.headers().add(header.name(), header.value());
                }
            } catch (IllegalArgumentException e) {
                response.headers().clear();
                fail(ErrorKind.FUNCTION_FAILED, "the function's answer has a header that HTTP does not allow");
                return;
            }
            finish();
            var downloaded =
                    hasNoContent(answer) || request.method().equals(HttpMethod.HEAD) ? 0 : answer.body().length;
            counted.answered(answer.status(), uploaded, downloaded);
            response.putHeader(Http.INVOCATION_ID, id).putHeader(Http.VERSION, manifest.version());
            end(response, answer);
        }

        /** 204 and 304 (RFC 9110, sections 15.3.5 and 15.4.5), whatever the function wrote. */
        private static boolean hasNoContent(Reply.Answer answer) {
            return answer.status() == 204 || answer.status() == 304;
        }

        private void end(HttpServerResponse response, Reply.Answer answer) {
            if (hasNoContent(answer)) {
                response.end();
            } else {
                response.end(Buffer.buffer(answer.body()));
            }
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
                    counted.abandoned(uploaded);
                    pending.forget(id);
                } else {
                    counted.disconnected();
                }
            }
        }

        private void finish() {
            over = true;
            permit.close();
        }
    }
}
