package dev.photon.ingress.scaler;

import dev.photon.protocol.RegionConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells KEDA when a region needs executors, and how many. Thread-safe.
 *
 * <p>It speaks gRPC on a port of its own, by KEDA's contract for external scalers (externalscaler.proto), to whoever
 * reaches it. Its event loop is its own too: an ingress that is busy, or has all the connections that it may have, is
 * just the one that needs more executors.
 */
public final class Scaler implements AutoCloseable {
    private final Vertx vertx;
    private final ScalerLoop loop;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Scaler(Vertx vertx, ScalerLoop loop) {
        this.vertx = vertx;
        this.loop = loop;
    }

    /**
     * Returns when it listens; what it knows comes a moment later. Blocks.
     *
     * @param port 0 takes a free one
     * @param declared in the region
     * @throws RuntimeException when the port cannot be had; nothing is left open then
     */
    public static Scaler open(
            RegionConfig region, String host, int port, RunTimes runTimes, Declared declared, MeterRegistry meters) {
        var plan = region.plan();
        var watch = new BacklogWatch();
        var service = new ScalerService(plan, watch, runTimes);
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        var reader = new BacklogReader(region.kafka().admin(), new Sources(plan, declared));
        var loop = new ScalerLoop(new ScalerLoop.Address(host, port), reader, watch, service);
        try {
            join(vertx.deployVerticle(loop));
        } catch (RuntimeException e) {
            reader.close();
            join(vertx.close());
            throw e;
        }
        measure(meters, Sources.ofRegion(plan), watch, service, runTimes);
        return new Scaler(vertx, loop);
    }

    private static void measure(
            MeterRegistry meters, List<Consumed> topics, BacklogWatch watch, ScalerService service, RunTimes runTimes) {
        for (var consumed : topics) {
            Gauge.builder("photon.scaler.lag", watch, last -> lag(last, consumed.group()))
                    .description("Records of a topic that no executor has finished")
                    .tag("topic", consumed.topic())
                    .register(meters);
        }
        Gauge.builder("photon.scaler.run.seconds", runTimes, RunTimes::meanSeconds)
                .description("How long a run takes, by the replies that this ingress has seen")
                .register(meters);
        Gauge.builder("photon.scaler.streams", service, ScalerService::streams)
                .description("Scaled objects that wait to be told of work")
                .register(meters);
    }

    private static double lag(BacklogWatch watch, String group) {
        return watch.fresh(System.nanoTime())
                .flatMap(reading -> reading.of(group))
                .map(work -> (double) work.unfinished())
                .orElse(Double.NaN);
    }

    /** The port that is served. */
    public int port() {
        return loop.port();
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    /** Ends the streams so that who listened goes elsewhere, and closes. Blocks. Does nothing the second time. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            join(loop.leave().eventually(vertx::close));
        }
    }
}
