package dev.photon.ingress;

import dev.photon.ingress.ForwardMeters.Outcome;
import dev.photon.ingress.overflow.OtherRegion;
import dev.photon.protocol.ErrorKind;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One call on its way to another region's ingress and back. Its body is passed on as it comes, the answer too, so that
 * little is held here. Confined to the request's event loop.
 *
 * <pre>
 * first of the body ─► connect ─► send ─► (answer's head) ─► pass the answer on ─► over
 *                        │ cannot: the next region │ refused before it ran: the next region
 *                        └── none is left: here, where it can run here
 * </pre>
 *
 * Once something of a request was sent, another region gets it only when to do it twice is as good as once (RFC 9110,
 * section 9.2.2), or when it was refused before anything ran; and while its body is kept. So a region is asked whether it
 * wants one that is too large to be kept, as long as there is another to turn to.
 */
final class Forwarding {
    private final Overflow overflow;
    private final Leaving call;
    private final HttpServerRequest request;
    private final ForwardedBody body;
    private final Iterator<OtherRegion> way;
    private final Context context = Vertx.currentContext();
    private final Patience patience;
    private Optional<HttpClientRequest> outgoing = Optional.empty();
    private Optional<OtherRegion> asked = Optional.empty();
    private boolean answered;
    private boolean over;
    /** While what was sent may be sent elsewhere, and while an answer is passed on. */
    private OptionalLong watch = OptionalLong.empty();

    Forwarding(Overflow overflow, Leaving call, Iterator<OtherRegion> way) {
        this.overflow = overflow;
        this.call = call;
        this.request = call.request();
        this.body = new ForwardedBody(request);
        this.way = way;
        this.patience = new Patience(call.millis(), body, this::late);
    }

    void begin() {
        overflow.begun(this);
        request.response().closeHandler(closed -> disconnected());
        request.exceptionHandler(broken -> disconnected());
        body.begin(this::connect);
        patience.begin();
    }

    private void late() {
        fail(ErrorKind.TIMEOUT, "no answer came before the deadline", Outcome.TIMEOUT);
    }

    private void connect() {
        if (over) {
            return;
        }
        if (!way.hasNext()) {
            call.here()
                    .ifPresentOrElse(
                            this::runHere,
                            () -> fail(
                                    ErrorKind.UNAVAILABLE,
                                    "no region that the function is placed in can be reached now"));
            return;
        }
        var region = way.next();
        asked = Optional.of(region);
        try {
            connect(region);
        } catch (IllegalArgumentException e) {
            // HTTP/2 has fewer rules than what the other region is spoken to with.
            fail(ErrorKind.BAD_REQUEST, "the path or a header field has characters that HTTP does not allow");
        }
    }

    private void connect(OtherRegion region) {
        overflow.request(call.within(patience.leftMillis()), region)
                .onSuccess(to -> send(region, to))
                .onFailure(refused -> {
                    region.failed();
                    if (!over) {
                        overflow.meters().count(region, Outcome.UNREACHABLE);
                        connect();
                    }
                });
    }

    /** It keeps its permit. */
    private void runHere(Leaving.LastResort here) {
        var left = patience.leftMillis();
        var taken = body.handOver();
        leave();
        here.run(call, taken, left);
    }

    private void send(OtherRegion region, HttpClientRequest to) {
        if (over) {
            Outgoing.breakOff(to);
            return;
        }
        // What goes wrong is told by the answer, too.
        to.exceptionHandler(broken -> {});
        to.response().onSuccess(answer -> answer(region, to, answer)).onFailure(broken -> unanswered(region, to));
        try {
            outgoing = Optional.of(to);
            if (call.isIdempotent()) {
                watch(LossWatch.begin(context.owner(), region, overflow.lookMillis(), () -> lost(region)));
            }
            if (body.mayBeLarge() && isAnyLeft()) {
                to.putHeader(HttpHeaders.EXPECT, Http.CONTINUE);
                body.passWhenWanted(to);
            } else {
                body.passTo(to);
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            outgoing = Optional.empty();
            Outgoing.breakOff(to);
            fail(ErrorKind.BAD_REQUEST, "the request cannot be sent on to region '" + region.name() + "'");
        }
    }

    private boolean isAnyLeft() {
        return way.hasNext() || call.here().isPresent();
    }

    /** Whether somebody else may be sent what was sent before. */
    private boolean isRepeatable() {
        return body.isKept() && isAnyLeft();
    }

    /** Goes on to the next, after one did not take it. */
    private void repeat(OtherRegion region, Outcome outcome) {
        overflow.meters().count(region, outcome);
        unwatch();
        patience.spend();
        body.takeBack();
        var left = outgoing;
        outgoing = Optional.empty();
        if (!body.isReceived() || outcome == Outcome.BROKEN) {
            left.ifPresent(Outgoing::breakOff);
        }
        connect();
    }

    private void lost(OtherRegion region) {
        if (isRepeatable()) {
            repeat(region, Outcome.BROKEN);
        }
    }

    private void watch(long timer) {
        unwatch();
        watch = OptionalLong.of(timer);
    }

    private void unwatch() {
        watch.ifPresent(context.owner()::cancelTimer);
        watch = OptionalLong.empty();
    }

    /** Whether we still wait for this one. */
    private boolean isAwaited(HttpClientRequest to) {
        return !over && outgoing.filter(now -> now.equals(to)).isPresent();
    }

    private void unanswered(OtherRegion region, HttpClientRequest to) {
        if (!isAwaited(to)) {
            return;
        }
        region.failed();
        if (isRepeatable() && call.isIdempotent()) {
            repeat(region, Outcome.BROKEN);
        } else {
            fail(
                    ErrorKind.UNAVAILABLE,
                    "region '%s' did not answer; the call may still run there".formatted(region.name()),
                    Outcome.BROKEN);
        }
    }

    private void answer(OtherRegion region, HttpClientRequest to, HttpClientResponse answer) {
        region.answered();
        if (!isAwaited(to)) {
            return;
        }
        var became = Disposition.of(answer);
        if (became.allowsAnother(call) && isRepeatable()) {
            // Nobody reads the rest.
            answer.exceptionHandler(broken -> {});
            repeat(region, became.outcome());
        } else if (became == Disposition.KEY_REFUSED) {
            // We let the caller in, so it is no fault of theirs.
            fail(
                    ErrorKind.UNAVAILABLE,
                    "region '%s' does not let the caller in".formatted(region.name()),
                    Outcome.REFUSED);
        } else if (ForwardedAnswer.isGarbled(answer)) {
            fail(
                    ErrorKind.UNAVAILABLE,
                    "the answer of region '%s' was changed on its way here, by a proxy most likely"
                            .formatted(region.name()),
                    Outcome.BROKEN);
        } else {
            pass(region, answer);
        }
    }

    private void pass(OtherRegion region, HttpClientResponse answer) {
        answered = true;
        body.forget();
        patience.end();
        var passed = new ForwardedAnswer(request, answer, region.name(), this::end);
        watch(SilenceWatch.begin(context.owner(), region, passed, overflow.silence()));
        passed.begin();
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
        // A stream of HTTP/2 is closed while its answer is being ended.
        if (!over && !request.response().ended()) {
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
            outgoing.ifPresent(Outgoing::breakOff);
        }
    }

    private void close() {
        leave();
        call.permit().close();
    }

    private void leave() {
        over = true;
        body.stop();
        patience.end();
        unwatch();
        overflow.over(this);
    }
}
