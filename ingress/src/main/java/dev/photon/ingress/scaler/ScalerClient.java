package dev.photon.ingress.scaler;

import dev.photon.ingress.scaler.keda.ScaledObjectRef;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Listens to one of a region's scalers, as KEDA does, and to the next when that one is away or does not know. Confined to
 * the event loop that starts it.
 */
public final class ScalerClient {
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final Vertx vertx;
    private final List<SocketAddress> scalers;
    private final ScaledObjectRef object;
    private final Consumer<Demand> listener;
    private Optional<ScalerSession> session = Optional.empty();
    private int next;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private boolean closed;

    /**
     * @param scalers one or more
     * @param metadata of a trigger of KEDA's
     * @param listener is told what changes, and the same again, on the event loop
     * @throws IllegalArgumentException that says what of the metadata is wrong
     */
    public ScalerClient(
            Vertx vertx, List<SocketAddress> scalers, Map<String, String> metadata, Consumer<Demand> listener) {
        Wish.read(metadata);
        this.vertx = vertx;
        this.scalers = List.copyOf(scalers);
        this.object = ScaledObjectRef.newBuilder()
                .setName("autoscale")
                .putAllScalerMetadata(metadata)
                .build();
        this.listener = listener;
    }

    /** Begins to listen, and goes on until it is closed. */
    public void start() {
        if (closed) {
            return;
        }
        var scaler = scalers.get(next);
        next = (next + 1) % scalers.size();
        session = Optional.of(ScalerSession.open(vertx, scaler, object, this::heard));
    }

    private void heard(Demand demand) {
        switch (demand) {
            case Demand.Known known -> pauseMillis = FIRST_PAUSE_MILLIS;
            case Demand.Unknown unknown -> {
                // The session is over with that.
                vertx.setTimer(pauseMillis, now -> start());
                pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
            }
        }
        listener.accept(demand);
    }

    /** The listener is told nothing more. */
    public void close() {
        closed = true;
        session.ifPresent(ScalerSession::close);
    }
}
