package dev.photon.ingress.scaler;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scaler's one event loop: takes readings, one after the other, and serves gRPC by them. Confined to it, but for
 * {@link #port()}.
 */
final class ScalerLoop extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ScalerLoop.class);

    /** Between two readings. Whoever waits for an executor waits half of it in the mean. */
    private static final long PAUSE_MILLIS = 200;

    /** Streams may be silent for days, so whether their other side still lives is asked. */
    private static final long PING_MILLIS = 20_000;

    private static final int UNHEARD_SECONDS = 60;
    private static final Buffer PING = Buffer.buffer(new byte[8]);
    private static final int MAX_CONNECTIONS = 256;
    private static final int MAX_STREAMS_OF_A_CONNECTION = 1_000;

    /** Where to listen; port 0 takes a free one. */
    record Address(String host, int port) {}

    private final Address address;
    private final BacklogReader reader;
    private final BacklogWatch watch;
    private final ScalerService service;
    private final Set<HttpConnection> connections = new HashSet<>();
    private volatile int port;
    private boolean unknown;
    private Set<String> unread = Set.of();
    private boolean ended;

    /**
     * @param reader closed with this
     */
    ScalerLoop(Address address, BacklogReader reader, BacklogWatch watch, ScalerService service) {
        this.address = address;
        this.reader = reader;
        this.watch = watch;
        this.service = service;
    }

    int port() {
        return port;
    }

    @Override
    public Future<?> start() {
        var options = new HttpServerOptions()
                .setHost(address.host())
                .setPort(address.port())
                .setReadIdleTimeout(UNHEARD_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(MAX_STREAMS_OF_A_CONNECTION));
        var grpc = service.server(vertx);
        return vertx.createHttpServer(options)
                .requestHandler(request -> {
                    if (admit(request)) {
                        grpc.handle(request);
                    }
                })
                .listen()
                .onSuccess(this::begin);
    }

    private void begin(HttpServer server) {
        port = server.actualPort();
        vertx.setPeriodic(PING_MILLIS, tick -> connections.forEach(connection -> connection.ping(PING)));
        read();
    }

    private boolean admit(HttpServerRequest request) {
        var connection = request.connection();
        // HTTP/1.1 has no pings, and no gRPC, as it is told below.
        if (request.version() == HttpVersion.HTTP_2 && !connections.contains(connection)) {
            if (connections.size() >= MAX_CONNECTIONS) {
                connection.close();
                return false;
            }
            connections.add(connection);
            connection.closeHandler(closed -> connections.remove(connection));
        }
        return true;
    }

    private void read() {
        Future.fromCompletionStage(reader.read(), context).onComplete(answer -> {
            if (ended) {
                return;
            }
            if (answer.succeeded()) {
                watch.read(answer.result(), System.nanoTime());
                noteUnread(answer.result().unread());
            } else {
                watch.failed();
            }
            noteChange(answer.succeeded(), answer.cause());
            service.tellAll();
            vertx.setTimer(PAUSE_MILLIS, tick -> read());
        });
    }

    private void noteChange(boolean known, Throwable cause) {
        if (!known && !unknown) {
            LOG.atWarn().addKeyValue("error", cause.toString()).log("what waits is not known, replicas are held");
        } else if (known && unknown) {
            LOG.info("what waits is known again");
        }
        unknown = !known;
    }

    /** A trigger whose topic or group we may not see, or that has no leader now, must not be the others' harm. */
    private void noteUnread(Map<String, String> why) {
        why.forEach((group, reason) -> {
            if (!unread.contains(group)) {
                LOG.atWarn()
                        .addKeyValue("group", group)
                        .addKeyValue("error", reason)
                        .log("what waits cannot be read, and counts as it did last");
            }
        });
        unread = why.keySet();
    }

    /** Lets go who listens. */
    Future<Void> leave() {
        return Future.future(left -> context.runOnContext(now -> {
            service.endAll();
            ended = true;
            left.complete();
        }));
    }

    @Override
    public Future<?> stop() {
        ended = true;
        return vertx.executeBlocking(() -> {
            reader.close();
            return null;
        });
    }
}
