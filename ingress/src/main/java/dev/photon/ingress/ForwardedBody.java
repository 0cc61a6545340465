package dev.photon.ingress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A request's body on its way to another region, as it comes; each side waits for the other. Confined to the request's
 * event loop.
 */
final class ForwardedBody {
    private final HttpServerRequest request;
    private Optional<Buffer> first = Optional.empty();
    private boolean received;
    private boolean over;
    /** Whether the other region does not take what is there. */
    private boolean heldUp;

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
            first = Optional.of(part);
            next.run();
        });
        request.endHandler(end -> {
            received = true;
            next.run();
        });
    }

    /** Whether there is nothing of it, so that a request can be made again. */
    boolean isEmpty() {
        return first.isEmpty();
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
        progressed();
        if (first.isEmpty()) {
            to.end();
            return;
        }
        to.setChunked(!to.headers().contains(HttpHeaders.CONTENT_LENGTH));
        to.drainHandler(room -> {
            heldUp = false;
            request.resume();
        });
        request.handler(part -> pass(part, to));
        request.endHandler(end -> end(to));
        // Before it is resumed, which may hand us the next at once.
        pass(first.get(), to);
        if (!heldUp) {
            request.resume();
        }
    }

    private void pass(Buffer part, HttpClientRequest to) {
        if (over) {
            return;
        }
        progressed();
        to.write(part);
        if (to.writeQueueFull()) {
            heldUp = true;
            request.pause();
        }
    }

    private void end(HttpClientRequest to) {
        received = true;
        progressed();
        if (!over) {
            to.end();
        }
    }

    private void progressed() {
        progressNanos = System.nanoTime();
    }

    /** Nothing is passed on any more. */
    void stop() {
        over = true;
    }
}
