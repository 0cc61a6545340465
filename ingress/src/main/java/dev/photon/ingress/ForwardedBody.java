package dev.photon.ingress;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A request's body on its way to another region, as it comes; each side waits for the other. The begin of it is kept, so
 * that a small one can be sent again. Confined to the request's event loop.
 */
final class ForwardedBody {
    /** Times the requests in flight is what this takes of memory at most. */
    static final int KEPT_BYTES = 16 << 10;

    /** After which a region is sent the body that does not say whether it wants it (RFC 9110, section 10.1.1). */
    private static final long CONTINUE_MILLIS = 1_000;

    private final HttpServerRequest request;
    private final Vertx vertx = Vertx.currentContext().owner();
    private Buffer taken = Buffer.buffer();
    private boolean kept = true;
    private boolean received;
    /** To whom it is passed; empty before, in between, and when that is over. */
    private Optional<HttpClientRequest> receiver = Optional.empty();
    /** Whether the other region does not take what is there. */
    private boolean heldUp;
    /** Whether it has not said yet that it wants any. */
    private boolean asked;

    private long progressNanos = System.nanoTime();

    ForwardedBody(HttpServerRequest request) {
        this.request = request;
    }

    /**
     * @param next called once, when the first piece is there, or when there is none
     */
    void begin(Runnable next) {
        request.handler(part -> {
            request.pause();
            taken.appendBuffer(part);
            next.run();
        });
        request.endHandler(end -> {
            received = true;
            next.run();
        });
        Http.letContinue(request);
    }

    /** Whether all that the client has sent is still here, so that a request can be made again. */
    boolean isKept() {
        return kept;
    }

    /** Whether there may be more than is kept. */
    boolean mayBeLarge() {
        return !received && (Http.length(request) < 0 || Http.length(request) > KEPT_BYTES);
    }

    /** Whether the client has sent all of it. */
    boolean isReceived() {
        return received;
    }

    /** How long the other region has let us wait, in milliseconds; 0 while it is the client that we wait for. */
    long waitedMillis() {
        return received || heldUp ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - progressNanos) : 0;
    }

    /**
     * @throws IllegalArgumentException when HTTP/1.1 cannot say what the request says
     * @throws IllegalStateException likewise
     */
    void passTo(HttpClientRequest to) {
        prepare(to);
        begin(to);
    }

    /**
     * The same, once the other region has said that it wants the body.
     *
     * @param to which asks for that
     */
    void passWhenWanted(HttpClientRequest to) {
        prepare(to);
        heldUp = true;
        asked = true;
        var unsaid = vertx.setTimer(CONTINUE_MILLIS, late -> beginAsked(to));
        to.continueHandler(wanted -> {
            vertx.cancelTimer(unsaid);
            beginAsked(to);
        });
        to.sendHead();
    }

    private void prepare(HttpClientRequest to) {
        progressed();
        receiver = Optional.of(to);
        if (received && taken.length() == 0) {
            return;
        }
        to.setChunked(!to.headers().contains(HttpHeaders.CONTENT_LENGTH));
        to.drainHandler(room -> {
            if (isReceiver(to)) {
                heldUp = false;
                request.resume();
            }
        });
        if (!received) {
            request.handler(part -> pass(part, to));
            request.endHandler(end -> end(to));
        }
    }

    private boolean isReceiver(HttpClientRequest to) {
        return receiver.filter(now -> now.equals(to)).isPresent();
    }

    private void beginAsked(HttpClientRequest to) {
        if (asked && isReceiver(to)) {
            begin(to);
        }
    }

    private void begin(HttpClientRequest to) {
        heldUp = false;
        asked = false;
        progressed();
        if (taken.length() > 0) {
            // Before it is resumed, which may hand us the next at once.
            write(taken.copy(), to);
        }
        if (received) {
            to.end();
        } else if (!heldUp) {
            request.resume();
        }
    }

    private void pass(Buffer part, HttpClientRequest to) {
        keep(part);
        if (isReceiver(to)) {
            progressed();
            write(part, to);
        }
    }

    private void write(Buffer part, HttpClientRequest to) {
        to.write(part);
        if (to.writeQueueFull()) {
            heldUp = true;
            request.pause();
        }
    }

    private void keep(Buffer part) {
        if (kept && taken.length() + part.length() <= KEPT_BYTES) {
            taken.appendBuffer(part);
        } else {
            forget();
        }
    }

    private void end(HttpClientRequest to) {
        received = true;
        progressed();
        if (isReceiver(to)) {
            to.end();
        }
    }

    private void progressed() {
        progressNanos = System.nanoTime();
    }

    /** Nobody gets more of it for now. */
    void takeBack() {
        receiver = Optional.empty();
        heldUp = false;
        asked = false;
        if (!received) {
            request.pause();
        }
    }

    /** What there is of one that is kept, for whoever reads it from now on. */
    TakenBody handOver() {
        takeBack();
        return new TakenBody(taken, received);
    }

    /** It will not be sent again. */
    void forget() {
        kept = false;
        if (!asked) {
            taken = Buffer.buffer();
        }
    }

    /** Nothing is passed on any more. */
    void stop() {
        receiver = Optional.empty();
    }
}
