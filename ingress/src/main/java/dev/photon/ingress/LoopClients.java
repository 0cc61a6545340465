package dev.photon.ingress;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Clients for other regions' ingresses, one for each event loop. One for all would give a call the connection that was used
 * last, mostly another loop's, and the call would change threads on its way and on the way back. Thread-safe.
 */
final class LoopClients {
    private final List<? extends HttpClient> all;
    private final Map<Thread, HttpClient> byThread = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();

    /** Called on no event loop: what an event loop creates goes when its listener closes, and calls are under way then. */
    LoopClients(Vertx vertx, int eventLoops, HttpClientOptions options, PoolOptions connections) {
        this.all = IntStream.range(0, eventLoops)
                .mapToObj(number -> vertx.createHttpClient(options, connections))
                .toList();
    }

    HttpClient ofThisLoop() {
        return byThread.computeIfAbsent(
                Thread.currentThread(), loop -> all.get(Math.floorMod(next.getAndIncrement(), all.size())));
    }

    Future<?> close() {
        return Future.join(all.stream().map(HttpClient::close).toList());
    }
}
