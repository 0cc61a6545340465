package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.RequestFields;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One port, HTTP/1.1 and HTTP/2, with or without TLS, on several event loops. Thread-safe. */
final class HttpListener {
    /** Without the line end; RFC 9110, section 4.1, wants at least 8,000. */
    static final int MAX_LINE_BYTES = RequestFields.MOST_LINE_BYTES;

    static final int MAX_FIELDS_BYTES = RequestFields.MOST_BYTES;

    /** Requests at once on one HTTP/2 connection. */
    static final int MAX_STREAMS = 100;

    private static final int STREAM_WINDOW = 256 << 10;
    private static final int CONNECTION_WINDOW = 1 << 20;

    /** Resets, of either side, before an HTTP/2 connection ends: CVE-2023-44487, CVE-2025-55163. */
    private static final int MAX_RESETS = 200;

    private static final int RESET_SECONDS = 30;

    /** A function may run for 15 minutes, and its caller waits with nothing to send; this is for those who are gone. */
    private static final int IDLE_SECONDS = 920;

    private final Vertx vertx;
    private final Address address;
    private final Optional<Certificate> certificate;
    private final Supplier<Handler<HttpServerRequest>> handlers;
    private final Queue<HttpServer> servers = new ConcurrentLinkedQueue<>();

    /**
     * Where to listen.
     *
     * @param port 0 takes a free one
     */
    record Address(String host, int port, int eventLoops) {}

    /**
     * @param vertx made by {@link Connections#vertx}
     * @param handlers makes one for each event loop
     */
    HttpListener(
            Vertx vertx,
            Address address,
            Optional<Certificate> certificate,
            Supplier<Handler<HttpServerRequest>> handlers) {
        this.vertx = vertx;
        this.address = address;
        this.certificate = certificate;
        this.handlers = handlers;
    }

    /**
     * @return the deployment that ends it
     */
    Future<String> listen() {
        return vertx.deployVerticle(Loop::new, new DeploymentOptions().setInstances(address.eventLoops()));
    }

    /** The port that is served, once it is. */
    int port() {
        return servers.element().actualPort();
    }

    /** For new connections. */
    Future<Boolean> use(Certificate next) {
        // All servers of a port share what this sets.
        return servers.element().updateSSLOptions(Tls.options(next));
    }

    private HttpServerOptions options() {
        var options = new HttpServerOptions()
                .setHost(address.host())
                // Port -n is one free port that all who ask for the same n share.
                .setPort(address.port() == 0 ? -1 : address.port())
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_FIELDS_BYTES)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(MAX_STREAMS)
                        // The first line's parts are fields there, too.
                        .setMaxHeaderListSize(MAX_LINE_BYTES + MAX_FIELDS_BYTES)
                        .setInitialWindowSize(STREAM_WINDOW))
                .setHttp2ConnectionWindowSize(CONNECTION_WINDOW)
                .setHttp2RstFloodMaxRstFramePerWindow(MAX_RESETS)
                .setHttp2RstFloodWindowDuration(RESET_SECONDS)
                .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
                // No WebSockets: their handlers would look at every request.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setIdleTimeout(IDLE_SECONDS)
                .setTcpNoDelay(true);
        certificate.ifPresent(own -> Tls.apply(own, options));
        return options;
    }

    /** One event loop's share of the server; Vert.x spreads the connections over them. */
    private final class Loop extends AbstractVerticle {
        @Override
        public void start(Promise<Void> started) {
            var handler = handlers.get();
            var server = vertx.createHttpServer(options())
                    .requestHandler(request -> handle(request, handler))
                    .invalidRequestHandler(HttpListener::refuse);
            server.listen().onSuccess(servers::add).<Void>mapEmpty().onComplete(started);
        }
    }

    private static void handle(HttpServerRequest request, Handler<HttpServerRequest> handler) {
        Connection.of(request).begin(request);
        if (request.method().equals(HttpMethod.CONNECT)) {
            // It names no path, and those behind this one rely on there being one.
            new Problem(ErrorKind.BAD_REQUEST, "this is not a proxy").send(request.response());
            Leftovers.drop(request);
            return;
        }
        if (!Http.isAllowed(request.uri())) {
            new Problem(ErrorKind.BAD_REQUEST, "the path or query has a space or a control character")
                    .send(request.response());
            Leftovers.drop(request);
            return;
        }
        handler.handle(request);
    }

    /** What could not be read as HTTP/1.1; Vert.x closes the connection after the answer. */
    private static void refuse(HttpServerRequest request) {
        problem(request.decoderResult().cause()).send(request.response());
        request.connection().close();
    }

    private static Problem problem(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new Problem(
                    ErrorKind.URI_TOO_LONG, "a request's first line has at most " + MAX_LINE_BYTES + " bytes");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new Problem(
                    ErrorKind.FIELDS_TOO_LARGE,
                    "a request's header fields have at most " + MAX_FIELDS_BYTES + " bytes");
        }
        return new Problem(ErrorKind.BAD_REQUEST, "this is not HTTP/1.1");
    }
}
