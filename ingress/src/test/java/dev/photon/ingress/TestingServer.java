package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A listener on a free port, in front of a handler with a few paths:
 *
 * <ul>
 *   <li>{@code /echo} answers with the body
 *   <li>{@code /host} answers with what a function would see as the host
 *   <li>{@code /later} answers when the test wants it to
 *   <li>{@code /large} answers with more than sockets hold
 *   <li>{@code /refused} answers before it read the body, and reads no more of it than is needed
 *   <li>{@code /paused} does not read the body until the test wants it to, and then answers with its length
 * </ul>
 *
 * Its time goes by only when told so.
 */
final class TestingServer implements AutoCloseable {
    static final int LARGE = 64 << 20;
    private static final int EVENT_LOOPS = 2;

    private final Connections connections;
    private final Vertx vertx;
    private final HttpListener listener;
    private final BlockingQueue<HttpServerRequest> begun = new LinkedBlockingQueue<>();

    private TestingServer(HttpConfig config) {
        connections = new Connections(config);
        vertx = connections.vertx(new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS));
        listener = new HttpListener(
                vertx,
                new HttpListener.Address("127.0.0.1", 0, EVENT_LOOPS),
                config.tls().map(files -> Tls.open(files, vertx).certificate()),
                () -> this::handle);
    }

    static TestingServer start(HttpConfig config) {
        var server = new TestingServer(config);
        join(server.listener.listen());
        return server;
    }

    static TestingServer start() {
        return start(config(Optional.empty()));
    }

    static HttpConfig config(Optional<TlsFiles> tls) {
        return new HttpConfig(tls, 100, 75_000, 20_000, 60_000);
    }

    private void handle(HttpServerRequest request) {
        switch (String.valueOf(request.path())) {
            case "/echo" -> request.body().onSuccess(body -> request.response().end(body));
            case "/host" ->
                request.response()
                        .end(Http.forwarded(request).stream()
                                .filter(header -> header.name().equals("host"))
                                .map(header -> header.value())
                                .findFirst()
                                .orElse("none"));
            case "/large" -> {
                request.response().end(Buffer.buffer(new byte[LARGE]));
                begun.add(request);
            }
            case "/refused" -> {
                new Problem(ErrorKind.TOO_LARGE, "no").send(request.response());
                Leftovers.drop(request);
            }
            case "/paused" -> {
                request.pause();
                begun.add(request);
            }
            case "/later" -> {
                request.body();
                begun.add(request);
            }
            default -> new Problem(ErrorKind.NOT_FOUND, "no such path").send(request.response());
        }
    }

    /** A request that the handler holds back. */
    HttpServerRequest begun() throws InterruptedException {
        var request = begun.poll(30, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    /** Does something on a request's event loop. */
    static void on(HttpServerRequest request, Runnable action) {
        ((HttpServerRequestInternal) request).context().runOnContext(now -> action.run());
    }

    static void answer(HttpServerRequest request, String body) {
        on(request, () -> request.response().end(body));
    }

    /** Reads a body that was held back. */
    static void answerWithLength(HttpServerRequest request) {
        on(request, () -> {
            request.body().onSuccess(body -> request.response().end(Integer.toString(body.length())));
            request.resume();
        });
    }

    /** Lets time go by, on all connections alike. */
    void pass(Duration time) throws InterruptedException {
        for (var millis = time.toMillis(); millis > 0; millis -= connections.tickMillis()) {
            connections.tick();
            settle();
        }
    }

    /** Waits until each event loop did what it was given before. */
    private void settle() throws InterruptedException {
        var loops = ((VertxInternal) vertx).eventLoopGroup();
        var settled = new CountDownLatch(EVENT_LOOPS);
        loops.forEach(loop -> loop.execute(settled::countDown));
        settled.await();
    }

    Connections connections() {
        return connections;
    }

    HttpListener listener() {
        return listener;
    }

    Vertx vertx() {
        return vertx;
    }

    int port() {
        return listener.port();
    }

    RawClient connect() throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port()));
    }

    static <T> T join(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        join(vertx.close());
    }
}
