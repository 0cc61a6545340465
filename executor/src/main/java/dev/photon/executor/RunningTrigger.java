package dev.photon.executor;

import dev.photon.protocol.RegionConfig;
import dev.photon.registry.Trigger;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The consumer of one trigger, for as long as nothing about the trigger changes. Thread-safe. */
final class RunningTrigger implements Following.Running<Trigger> {
    private static final Logger LOG = LoggerFactory.getLogger(RunningTrigger.class);

    /** How soon a topic that was not there is found. */
    private static final String METADATA_MILLIS = "5000";

    private static final int BATCH = 500;

    /** What a consumer may have fetched before its records are taken: 8 MiB, or one record. */
    private static final String FETCHED_BYTES = "8388608";

    private final Trigger trigger;
    private final Consumers consumers;
    private final Backlog backlog;

    /** What the consumers of all triggers are opened with. */
    record Parts(
            Vertx vertx,
            RegionConfig region,
            ExecutorConfig config,
            MeterRegistry meters,
            String executor,
            TakenBytes bytes) {}

    /** Asks the brokers how the group is to be joined. Blocks. */
    RunningTrigger(Parts parts, Admin admin, Trigger trigger, TriggerIntake intake, TriggerMeters meters)
            throws InterruptedException {
        this.trigger = trigger;
        var rule = trigger.rule();
        var lanes = new TriggerLanes(
                trigger.position(),
                rule,
                new TriggerLane.Rules(
                        intake, window(parts.config(), trigger), rule.onError().retries() + 1, parts.bytes()),
                Transactions.of(parts.region().kafka(), group(parts, trigger), parts.executor(), meters));
        this.consumers =
                new Consumers(parts.vertx(), parts.region().kafka(), subscription(parts, admin, trigger), lanes);
        this.backlog = new Backlog(
                admin,
                consumers::loops,
                parts.meters(),
                "photon.executor.trigger",
                Tags.of("function", trigger.position().function()));
    }

    /** What runs at most once is lost when its executor dies, so little of it is taken ahead. */
    private static int window(ExecutorConfig config, Trigger trigger) {
        return switch (trigger.rule().delivery()) {
            case AT_LEAST_ONCE, EXACTLY_ONCE -> config.window();
            case AT_MOST_ONCE -> Math.min(config.window(), trigger.rule().concurrency());
        };
    }

    private static String group(Parts parts, Trigger trigger) {
        return parts.region()
                .topics()
                .triggerGroup(trigger.position().function(), trigger.position().topic());
    }

    private static RecordLoop.Subscription subscription(Parts parts, Admin admin, Trigger trigger)
            throws InterruptedException {
        var group = group(parts, trigger);
        var settings =
                new HashMap<>(GroupProtocol.choose(admin, group, parts.config().groupProtocol())
                        .settings());
        settings.put("metadata.max.age.ms", METADATA_MILLIS);
        settings.put("fetch.max.bytes", FETCHED_BYTES);
        settings.put("max.poll.records", Integer.toString(Math.min(BATCH, window(parts.config(), trigger))));
        return new RecordLoop.Subscription(
                trigger.position().topic(),
                group,
                "executor-triggers",
                Map.copyOf(settings),
                Optional.empty(),
                Duration.ofMillis(parts.config().drainMillis()));
    }

    /**
     * Whether what runs for it is what is asked for. The version is chosen when a record runs, and offsets of the same
     * generation move as the group's commits do.
     */
    @Override
    public boolean serves(Trigger wanted) {
        return trigger.rule().equals(wanted.rule())
                && trigger.position().generation() == wanted.position().generation();
    }

    /** Joins the group, if it has not, and did not fail to a moment ago. */
    @Override
    public void keepUp(Trigger wanted) {
        if (consumers.size() == 0 && consumers.steady()) {
            consumers
                    .scale(1)
                    .onFailure(failure -> LOG.atWarn()
                            .addKeyValue("function", trigger.position().function())
                            .addKeyValue("topic", trigger.position().topic())
                            .addKeyValue("error", failure.toString())
                            .log("a trigger's consumer could not join, and tries again"));
        }
    }

    void refreshBacklog() {
        backlog.refresh();
    }

    /** Lets its partitions drain, and leaves the group. Blocks. */
    @Override
    public void close() {
        consumers.close();
        backlog.close();
    }
}
