package dev.photon.executor;

import dev.photon.registry.FunctionView;
import dev.photon.registry.Trigger;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a consumer for each trigger that is not paused and whose function's pool is served here, as the view says.
 * Thread-safe.
 */
final class Triggers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Triggers.class);
    private static final long BACKLOG_MILLIS = 2_000;

    private final FunctionView view;
    private final Set<String> pools;
    private final RunningTrigger.Parts parts;
    private final TriggerRunner.Parts running;
    private final Admin admin;
    private final TriggerSeries series;
    private final Following<Trigger, RunningTrigger> following;

    private Set<String> refused = Set.of();

    /** @param pools whose functions run here */
    Triggers(FunctionView view, Set<String> pools, RunningTrigger.Parts parts, TriggerRunner.Parts running) {
        this.view = view;
        this.pools = pools;
        this.parts = parts;
        this.running = running;
        this.admin = parts.region().kafka().admin();
        this.series = new TriggerSeries(parts.meters(), parts.region().measuredVersions());
        this.following = new Following<>("trigger", view, this::wanted, this::open);
    }

    void start() {
        following.start();
        following.each(BACKLOG_MILLIS, RunningTrigger::refreshBacklog);
    }

    private Map<String, Trigger> wanted() {
        return allowed()
                .filter(trigger -> !trigger.position().paused())
                .filter(trigger -> pools.contains(trigger.manifest().scaling().pool()))
                .collect(Collectors.toMap(Triggers::name, trigger -> trigger));
    }

    private static String name(Trigger trigger) {
        return trigger.position().function() + "/" + trigger.position().topic();
    }

    /** Another region may have let a topic pass that is not a user's here. */
    private Stream<Trigger> allowed() {
        var parted = view.triggers().stream().collect(Collectors.partitioningBy(this::isAllowed));
        var before = refused;
        refused = parted.get(false).stream().map(Triggers::name).collect(Collectors.toSet());
        refused.stream()
                .filter(name -> !before.contains(name))
                .forEach(name -> LOG.atWarn()
                        .addKeyValue("trigger", name)
                        .log("a trigger does not run here: it names a topic that is reserved in this region"));
        return parted.get(true).stream();
    }

    /** Whether it reads and writes only topics that are users' in this region. */
    boolean isAllowed(Trigger trigger) {
        return trigger.isAllowed(parts.region().plan());
    }

    private RunningTrigger open(Trigger trigger) throws InterruptedException {
        return new RunningTrigger(parts, admin, trigger, runner(trigger), meters(trigger));
    }

    /** What runs a trigger's records, counted as that trigger's. */
    TriggerRunner runner(Trigger trigger) {
        return new TriggerRunner(running, trigger, meters(trigger));
    }

    private TriggerMeters meters(Trigger trigger) {
        return series.of(trigger.position().function(), trigger.position().topic());
    }

    /** Lets all of them drain and leave, at the same time. Blocks. */
    @Override
    public void close() {
        following.close();
        admin.close(Duration.ZERO);
    }
}
