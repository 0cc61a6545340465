package dev.photon.ingress;

import dev.photon.ingress.ForwardMeters.Outcome;
import dev.photon.ingress.overflow.OtherRegion;
import dev.photon.protocol.ErrorKind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * One call on its way to another region's ingress and back. Its body is passed on as it comes, the answer too, so that
 * little is held here. Confined to the request's event loop.
 *
 * <pre>
 * first of the body ─► connect ─► send ─► (answer's head) ─► pass the answer on ─► over
 *                        │ cannot: the next region │ refused before it ran: the next region
 * </pre>
 *
 * Once something of a request was sent, another region gets it only when to do it twice is as good as once (RFC 9110,
 * section 9.2.2), or when it was refused before anything ran; and when it has no body, for that is gone.
 */
final class Forwarding {
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    private final Overflow overflow;
    private final Overflow.Leaving call;
    private final HttpServerRequest request;
    private final ForwardedBody body;
    private final Iterator<OtherRegion> way;
    private final Context context = Vertx.currentContext();
    private Optional<HttpClientRequest> outgoing = Optional.empty();
    private Optional<OtherRegion> asked = Optional.empty();
    private boolean answered;
    private boolean over;
    private long timer;
    /** How often in a row the region was found unreachable while its answer came. */
    private int away;

    Forwarding(Overflow overflow, Overflow.Leaving call, Iterator<OtherRegion> way) {
        this.overflow = overflow;
        this.call = call;
        this.request = call.request();
        this.body = new ForwardedBody(request);
        this.way = way;
    }

    void begin() {
        overflow.begun(this);
        request.response().closeHandler(closed -> disconnected());
        request.exceptionHandler(broken -> disconnected());
        body.begin(this::connect);
        awaitUntil(call.millis());
    }

    /** Until the other region has let us wait so long. A client that is slow is the listener's to end. */
    private void awaitUntil(long millis) {
        timer = context.owner().setTimer(Math.max(1, millis), late -> {
            var left = call.millis() - body.waitedMillis();
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
        var region = way.next();
        asked = Optional.of(region);
        try {
            connect(region, options(region));
        } catch (IllegalArgumentException e) {
            // HTTP/2 has fewer rules than what the other region is spoken to with.
            fail(ErrorKind.BAD_REQUEST, "the path or a header field has characters that HTTP does not allow");
        }
    }

    private void connect(OtherRegion region, RequestOptions options) {
        // So that what is thrown, by a client that was just closed, is a failure like any other.
        Future.succeededFuture()
                .compose(now -> overflow.client().request(options))
                .onSuccess(to -> send(region, to))
                .onFailure(refused -> {
                    region.failed();
                    if (!over) {
                        overflow.meters().count(region, Outcome.UNREACHABLE);
                        connect();
                    }
                });
    }

    private RequestOptions options(OtherRegion region) {
        if (!Http.isAllowed(request.uri())) {
            throw new IllegalArgumentException("the path or query has a space or a control character");
        }
        var query = request.query();
        var options = new RequestOptions()
                .setMethod(request.method())
                .setHost(region.host())
                .setPort(region.port())
                .setSsl(region.isSecure())
                .setURI(query == null ? request.path() : request.path() + "?" + query);
        Http.passedOn(request).forEach(field -> options.addHeader(field.name(), field.value()));
        return options.putHeader(Http.FORWARDED, overflow.hop(call, region));
    }

    private void send(OtherRegion region, HttpClientRequest to) {
        if (over) {
            breakOff(to);
            return;
        }
        // What goes wrong is told by the answer, too.
        to.exceptionHandler(broken -> {});
        to.response().onSuccess(answer -> answer(region, answer)).onFailure(broken -> unanswered(region));
        try {
            outgoing = Optional.of(to);
            body.passTo(to);
        } catch (IllegalArgumentException | IllegalStateException e) {
            outgoing = Optional.empty();
            breakOff(to);
            fail(ErrorKind.BAD_REQUEST, "the request cannot be sent on to region '" + region.name() + "'");
        }
    }

    private void unanswered(OtherRegion region) {
        if (over) {
            return;
        }
        region.failed();
        if (body.isEmpty() && IDEMPOTENT.contains(request.method()) && way.hasNext()) {
            overflow.meters().count(region, Outcome.BROKEN);
            connect();
        } else {
            fail(
                    ErrorKind.UNAVAILABLE,
                    "region '%s' did not answer; the call may still run there".formatted(region.name()),
                    Outcome.BROKEN);
        }
    }

    private void answer(OtherRegion region, HttpClientResponse answer) {
        region.answered();
        if (over) {
            return;
        }
        var refused = answer.headers().contains(Http.NOT_RUN);
        if (refused && body.isEmpty() && way.hasNext()) {
            overflow.meters().count(region, Outcome.REFUSED);
            // Nobody reads the rest.
            answer.exceptionHandler(broken -> {});
            connect();
        } else if (refused && isAboutKeys(answer.statusCode())) {
            // We let the caller in, so it is no fault of theirs.
            fail(
                    ErrorKind.UNAVAILABLE,
                    "region '%s' does not let the caller in".formatted(region.name()),
                    Outcome.REFUSED);
        } else {
            answered = true;
            context.owner().cancelTimer(timer);
            pass(new ForwardedAnswer(request, answer, region.name(), this::end), region);
        }
    }

    /** A stream may say nothing for long; but when its region says nothing at all, nobody waits for the rest. */
    private void pass(ForwardedAnswer answer, OtherRegion region) {
        var silence = overflow.silence().toMillis();
        timer = context.owner().setPeriodic(Math.max(1, silence / 4), look -> {
            away = region.isReachable() ? 0 : away + 1;
            // Calls that failed count, too, until the next probe is answered.
            if (away > 1) {
                answer.endAfter(silence);
            }
        });
        answer.begin();
    }

    private static boolean isAboutKeys(int status) {
        return status == ErrorKind.UNAUTHORIZED.status() || status == ErrorKind.FORBIDDEN.status();
    }

    /** Of an answer whose head came. */
    private void end(boolean complete) {
        if (!over) {
            finish(complete ? Outcome.ANSWERED : Outcome.BROKEN);
            if (complete && !body.isReceived()) {
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

    private void finish(Outcome outcome) {
        asked.ifPresent(region -> overflow.meters().count(region, outcome));
        close();
        if (outcome != Outcome.ANSWERED || !body.isReceived()) {
            outgoing.ifPresent(Forwarding::breakOff);
        }
    }

    /** With its connection: one on which a request was not written to its end is a trap for the next. */
    private static void breakOff(HttpClientRequest to) {
        to.reset();
        to.connection().close();
    }

    private void close() {
        over = true;
        body.stop();
        context.owner().cancelTimer(timer);
        call.permit().close();
        overflow.over(this);
    }
}
