package dev.photon.ingress;

import dev.photon.ingress.ForwardMeters.Outcome;
import dev.photon.ingress.overflow.OtherRegion;
import dev.photon.protocol.ErrorKind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One call on its way to another region's ingress and back. Its body is passed on as it comes, the answer too; each side
 * waits for the other, so that little is held here. Confined to the request's event loop.
 *
 * <pre>
 * first of the body ─► connect ─► send ─► (answer's head) ─► pass the answer on ─► over
 *                        │ cannot: the next region
 * </pre>
 *
 * Once something of a request was sent, another region gets it only when to do it twice is as good as once (RFC 9110,
 * section 9.2.2), and when it has no body, for that is gone.
 */
final class Forwarding {
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    private final Overflow overflow;
    private final Overflow.Leaving call;
    private final HttpServerRequest request;
    private final Iterator<OtherRegion> way;
    private final Context context = Vertx.currentContext();
    private Optional<Buffer> first = Optional.empty();
    private Optional<HttpClientRequest> outgoing = Optional.empty();
    private OtherRegion region;
    private boolean received;
    private boolean answered;
    private boolean over;
    private long progressNanos = System.nanoTime();
    private long timer;

    Forwarding(Overflow overflow, Overflow.Leaving call, Iterator<OtherRegion> way) {
        this.overflow = overflow;
        this.call = call;
        this.request = call.request();
        this.way = way;
    }

    void begin() {
        overflow.begun(this);
        request.response().closeHandler(closed -> disconnected());
        request.exceptionHandler(broken -> disconnected());
        request.handler(part -> {
            request.pause();
            first = Optional.of(part);
            connect();
        });
        request.endHandler(end -> {
            received = true;
            connect();
        });
        awaitUntil(call.millis());
    }

    /** Until so long after the last piece of the body was passed on. */
    private void awaitUntil(long millis) {
        timer = context.owner().setTimer(Math.max(1, millis), late -> {
            var left = call.millis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - progressNanos);
            if (left > 0) {
                awaitUntil(left);
            } else {
                fail(ErrorKind.TIMEOUT, "no answer came before the deadline", Outcome.TIMEOUT);
            }
        });
    }

    private void connect() {
        if (over) {
            return;
        }
        if (!way.hasNext()) {
            fail(ErrorKind.UNAVAILABLE, "no region that the function is placed in can be reached now");
            return;
        }
        region = way.next();
        // So that what is thrown, by a client that was just closed, is a failure like any other.
        Future.succeededFuture()
                .compose(now -> overflow.client().request(options()))
                .onSuccess(this::send)
                .onFailure(refused -> {
                    region.failed();
                    count(Outcome.UNREACHABLE);
                    connect();
                });
    }

    private RequestOptions options() {
        var query = request.query();
        var options = new RequestOptions()
                .setMethod(request.method())
                .setHost(region.host())
                .setPort(region.port())
                .setSsl(region.isSecure())
                .setURI(query == null ? request.path() : request.path() + "?" + query);
        Http.passedOn(request).forEach(field -> options.addHeader(field.name(), field.value()));
        return options.putHeader(
                Http.FORWARDED, call.hop(overflow.region(), region).text());
    }

    private void send(HttpClientRequest to) {
        if (over) {
            to.reset();
            return;
        }
        outgoing = Optional.of(to);
        // What goes wrong is told by the answer, too.
        to.exceptionHandler(broken -> {});
        to.response().onSuccess(this::answer).onFailure(this::unanswered);
        progressNanos = System.nanoTime();
        if (first.isEmpty()) {
            to.end();
            return;
        }
        to.setChunked(!request.headers().contains(HttpHeaders.CONTENT_LENGTH));
        to.drainHandler(room -> request.resume());
        request.handler(part -> pass(part, to));
        request.endHandler(end -> {
            received = true;
            progressNanos = System.nanoTime();
            if (!over) {
                to.end();
            }
        });
        // Before it is resumed, which may hand us the next at once.
        to.write(first.get());
        if (!to.writeQueueFull()) {
            request.resume();
        }
    }

    private void pass(Buffer part, HttpClientRequest to) {
        if (over) {
            return;
        }
        progressNanos = System.nanoTime();
        to.write(part);
        if (to.writeQueueFull()) {
            request.pause();
        }
    }

    private void unanswered(Throwable failure) {
        if (over) {
            return;
        }
        region.failed();
        if (first.isEmpty() && IDEMPOTENT.contains(request.method()) && way.hasNext()) {
            count(Outcome.BROKEN);
            connect();
        } else {
            fail(
                    ErrorKind.UNAVAILABLE,
                    "region '%s' did not answer; the call may still run there".formatted(region.name()),
                    Outcome.BROKEN);
        }
    }

    private void answer(HttpClientResponse answer) {
        region.answered();
        if (over) {
            return;
        }
        answered = true;
        context.owner().cancelTimer(timer);
        new ForwardedAnswer(request, answer, region.name(), this::end).begin();
    }

    /** Of an answer whose head came. */
    private void end(boolean complete) {
        if (!over) {
            finish(complete ? Outcome.ANSWERED : Outcome.BROKEN);
            if (complete && !received) {
                // It was answered without being read to its end.
                Leftovers.drop(request);
            }
        }
    }

    private void disconnected() {
        if (!over) {
            finish(Outcome.ABANDONED);
        }
    }

    /** The same as {@link #fail}, from any thread. */
    void failFrom(ErrorKind kind, String message) {
        context.runOnContext(now -> fail(kind, message, Outcome.BROKEN));
    }

    private void fail(ErrorKind kind, String message, Outcome outcome) {
        if (!over && !answered) {
            finish(outcome);
            answerWith(kind, message);
        }
    }

    /** Where it was sent, that was counted. */
    private void fail(ErrorKind kind, String message) {
        close();
        answerWith(kind, message);
    }

    private void answerWith(ErrorKind kind, String message) {
        new Problem(kind, message, Optional.of(call.id())).send(request.response());
        Leftovers.drop(request);
    }

    private void count(Outcome outcome) {
        overflow.meters().count(region, outcome);
    }

    private void finish(Outcome outcome) {
        if (region != null) {
            count(outcome);
        }
        close();
        if (outcome != Outcome.ANSWERED || !received) {
            outgoing.ifPresent(HttpClientRequest::reset);
        }
    }

    private void close() {
        over = true;
        context.owner().cancelTimer(timer);
        call.permit().close();
        overflow.over(this);
    }
}
