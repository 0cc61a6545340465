package dev.photon.cli.autoscale;

import dev.photon.executor.ExecutorConfig;
import dev.photon.executor.Membership;
import dev.photon.ingress.scaler.Demand;
import dev.photon.ingress.scaler.ScalerClient;
import dev.photon.protocol.RegionConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens to a region's scalers and has as many executors as they ask for. Confined to its event loop. */
public final class Supervisor extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /** For an executor's end, beside what its partitions may finish. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final Duration ADMIN_GRACE = Duration.ofSeconds(1);

    /**
     * Who is asked, and how.
     *
     * @param scalers one or more
     * @param metadata of a trigger of KEDA's
     */
    public record Question(List<SocketAddress> scalers, Map<String, String> metadata) {}

    /** What the executors are that are started. */
    public record Executors(RegionConfig region, ExecutorConfig config, Launch launch) {
        private Duration grace() {
            return GRACE.plusMillis(config.drainMillis());
        }
    }

    private final Question question;
    private final Goal goal;
    private final Executors executors;
    private volatile Admin admin;
    private Fleet fleet;
    private ScalerClient scaler;
    private boolean known = true;

    public Supervisor(Question question, Bounds bounds, Executors executors) {
        this.question = question;
        this.goal = new Goal(bounds);
        this.executors = executors;
    }

    /**
     * @return fails when the question is one that no scaler would answer
     */
    @Override
    public Future<?> start() {
        scaler = new ScalerClient(vertx, question.scalers(), question.metadata(), this::heard);
        fleet = new Fleet(vertx, executors.launch(), executors.grace(), this::forget);
        // Once for nobody: the connection is there when it counts, and what would be refused is told now.
        return vertx.executeBlocking(executors.region().kafka()::admin)
                .onSuccess(opened -> admin = opened)
                .compose(opened -> forget(new Membership("nobody")))
                .onSuccess(asked -> {
                    fleet.want(goal.wanted());
                    scaler.start();
                });
    }

    private void heard(Demand demand) {
        noteChange(demand);
        goal.after(demand, System.nanoTime()).ifPresent(change -> {
            LOG.info("executors {} -> {}: {}", change.from(), change.to(), change.reason());
            fleet.want(change.to());
        });
    }

    private void noteChange(Demand demand) {
        switch (demand) {
            case Demand.Unknown unknown -> {
                if (known) {
                    LOG.warn("executors stay {}: {}", goal.wanted(), unknown.why());
                }
                known = false;
            }
            case Demand.Known answer -> {
                if (!known) {
                    LOG.info("what is wanted is known again");
                }
                known = true;
            }
        }
    }

    /**
     * Kafka would wait for 6 s whether it comes back.
     *
     * @return completes when that is done, or was refused
     */
    private Future<Void> forget(Membership membership) {
        return vertx.<Void>executeBlocking(
                        () -> {
                            membership.end(admin, executors.region().plan());
                            return null;
                        },
                        false)
                .otherwise(failure -> {
                    LOG.atWarn()
                            .addKeyValue("error", failure.toString())
                            .log("Kafka keeps an ended executor's partitions until its session ends");
                    return null;
                });
    }

    /** Completes when all executors have ended. */
    @Override
    public Future<?> stop() {
        scaler.close();
        return fleet.close()
                .compose(ended -> vertx.executeBlocking(
                        () -> {
                            admin.close(ADMIN_GRACE);
                            return null;
                        },
                        false));
    }
}
