package dev.photon.ingress;

import dev.photon.ingress.overflow.Probes;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Another region's ingress, on a free port:
 *
 * <ul>
 *   <li>{@code /echo} answers with the body, as it comes
 *   <li>{@code /length} answers with the body's length
 *   <li>{@code /fields} answers with the request's first line and fields
 *   <li>{@code /refused} answers before it read the body
 *   <li>{@code /forbidden} is a function that forbids it
 *   <li>{@code /half} answers with the first half of what it promises, and ends the connection
 *   <li>{@code /broken} ends the connection
 *   <li>{@code /large} answers with more than sockets hold
 *   <li>{@code /unanswered} answers that the answer is lost
 *   <li>{@code /later} answers when the test wants it to
 * </ul>
 */
final class TestingRegion implements AutoCloseable {
    static final int LARGE = 64 << 20;
    private static final long FAR_MILLIS = 100;

    private final String name;
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final BlockingQueue<HttpServerRequest> begun = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private volatile int readyStatus = 200;
    private volatile boolean broken;
    private volatile boolean far;
    private volatile boolean stuck;
    private volatile boolean draining;
    private volatile long changes;
    private volatile int refusal;
    private volatile boolean hasty;

    private TestingRegion(String name, HttpServerOptions options) {
        this.name = name;
        server = vertx.createHttpServer(options.setHost("127.0.0.1").setPort(0)).requestHandler(this::handle);
        TestingServer.join(server.listen());
    }

    static TestingRegion start(String name) {
        return start(name, new HttpServerOptions());
    }

    static TestingRegion start(String name, HttpServerOptions options) {
        return new TestingRegion(name, options);
    }

    private void handle(HttpServerRequest request) {
        if (broken) {
            request.connection().close();
            return;
        }
        request.response().putHeader("photon-region", name);
        if (refusal > 0 && !"/api/faas/v1/ready".equals(request.path())) {
            request.response().setStatusCode(refusal).putHeader("photon-not-run", "true");
            if (hasty) {
                request.pause();
                request.response().end("not now");
                return;
            }
            request.body().onSuccess(body -> request.response().end("not now"));
            return;
        }
        Http.letContinue(request);
        switch (String.valueOf(request.path())) {
            case "/api/faas/v1/ready" -> ready(request);
            case "/echo" -> {
                request.response().setChunked(true).putHeader("x-answer", "yes");
                request.handler(part -> {
                    received.add(part.toString());
                    request.response().write(part);
                    if (request.response().writeQueueFull()) {
                        request.pause();
                        request.response().drainHandler(room -> request.resume());
                    }
                });
                request.endHandler(end -> request.response().end());
            }
            case "/length" ->
                request.body().onSuccess(body -> request.response().end(Integer.toString(body.length())));
            case "/fields" -> request.response().end(fields(request).toBuffer());
            case "/refused" -> {
                request.pause();
                request.response().setStatusCode(413).end("no");
            }
            case "/forbidden" -> request.response().setStatusCode(403).end("no");
            case "/half" -> {
                request.response()
                        .putHeader("content-length", "10")
                        .write("12345")
                        .onComplete(written -> request.connection().close());
            }
            case "/broken" -> request.connection().close();
            case "/unanswered" ->
                request.body()
                        .onSuccess(body -> request.response()
                                .setStatusCode(503)
                                .putHeader("photon-unanswered", "true")
                                .end("lost"));
            case "/large" ->
                request.response()
                        .putHeader("content-length", Integer.toString(LARGE))
                        .end(Buffer.buffer(new byte[LARGE]));
            default -> begun.add(request);
        }
    }

    private void ready(HttpServerRequest request) {
        request.response().setStatusCode(readyStatus);
        if (stuck) {
            request.response().putHeader(Probes.STUCK, "true");
        }
        if (draining) {
            request.response().putHeader(Probes.DRAINING, "true");
        }
        request.response().putHeader(Probes.CHANGES, Long.toString(changes));
        if (far) {
            vertx.setTimer(FAR_MILLIS, late -> request.response().end());
        } else {
            request.response().end();
        }
    }

    private static JsonArray fields(HttpServerRequest request) {
        var lines = new JsonArray().add(request.method() + " " + request.uri());
        request.headers().forEach(field -> lines.add(field.getKey() + ": " + field.getValue()));
        return lines;
    }

    /** Puts it a tenth of a second away. */
    TestingRegion far() {
        far = true;
        return this;
    }

    void readyWith(int status) {
        readyStatus = status;
    }

    /** Has its log away. */
    void stuck() {
        stuck = true;
    }

    /** Wants no more calls than it must. */
    void drains() {
        draining = true;
    }

    /** Has changed so much. */
    void changed(long much) {
        changes = much;
    }

    /** Refuses every call before it runs. */
    TestingRegion refusingWith(int status) {
        refusal = status;
        return this;
    }

    /** The same, without waiting for the body. */
    TestingRegion refusingAtOnceWith(int status) {
        hasty = true;
        return refusingWith(status);
    }

    /** Whether it ends every connection, at the first request. */
    void breaksOff(boolean always) {
        broken = always;
    }

    /** A request that is held back. */
    HttpServerRequest begun() throws InterruptedException {
        var request = begun.poll(30, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    boolean hasBegun() {
        return !begun.isEmpty();
    }

    /** A part of a body, as it came. */
    String received() throws InterruptedException {
        var part = received.poll(30, TimeUnit.SECONDS);
        if (part == null) {
            throw new AssertionError("nothing of a body came");
        }
        return part;
    }

    /** As regions are configured. */
    String setting() {
        return "%s kafka:9092 http://127.0.0.1:%d".formatted(name, server.actualPort());
    }

    /** The same, by way of a link. */
    String setting(SilentLink link) {
        return "%s kafka:9092 http://127.0.0.1:%d".formatted(name, link.port());
    }

    int port() {
        return server.actualPort();
    }

    String secureSetting() {
        return setting().replace("http:", "https:");
    }

    @Override
    public void close() {
        TestingServer.join(vertx.close());
    }
}
