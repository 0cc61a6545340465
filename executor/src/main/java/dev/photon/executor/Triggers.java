package dev.photon.executor;

import dev.photon.registry.FunctionView;
import dev.photon.registry.Trigger;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a consumer for each trigger that is not paused and whose function's pool is served here, as the view says: they
 * come, go and change while the executor runs. Each is opened and closed on a thread of its own, one step after the
 * other. Thread-safe.
 */
final class Triggers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Triggers.class);
    private static final long LOOK_MILLIS = 200;
    private static final long BACKLOG_MILLIS = 2_000;
    /** After a change that failed. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private record Key(String function, String topic) {
        static Key of(Trigger trigger) {
            return new Key(trigger.position().function(), trigger.position().topic());
        }
    }

    private final FunctionView view;
    private final Set<String> pools;
    private final RunningTrigger.Parts parts;
    private final TriggerRunner.Parts running;
    private final Admin admin;
    private final TriggerSeries series;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("triggers").factory());
    private final ExecutorService changing = Executors.newVirtualThreadPerTaskExecutor();

    private final Map<Key, RunningTrigger> open = new ConcurrentHashMap<>();
    private final Set<Key> busy = ConcurrentHashMap.newKeySet();
    /** When those may be looked at again whose change failed, by the monotonic clock. */
    private final Map<Key, Long> resting = new ConcurrentHashMap<>();

    private Set<Key> refused = Set.of();
    private long seen = -1;
    private Map<Key, Trigger> wanted = Map.of();

    /** @param pools whose functions run here */
    Triggers(FunctionView view, Set<String> pools, RunningTrigger.Parts parts, TriggerRunner.Parts running) {
        this.view = view;
        this.pools = pools;
        this.parts = parts;
        this.running = running;
        this.admin = parts.region().kafka().admin();
        this.series = new TriggerSeries(parts.meters(), parts.region().measuredVersions());
    }

    void start() {
        looking.scheduleWithFixedDelay(guarded(this::look), 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        looking.scheduleWithFixedDelay(
                guarded(() -> open.values().forEach(RunningTrigger::refreshBacklog)),
                BACKLOG_MILLIS,
                BACKLOG_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** A look that fails must not be the last one. */
    private static Runnable guarded(Runnable look) {
        return () -> {
            try {
                look.run();
            } catch (RuntimeException | Error e) {
                LOG.atError().setCause(e).log("triggers could not be looked after");
            }
        };
    }

    private void look() {
        var read = view.read();
        if (read != seen) {
            wanted = allowed()
                    .filter(trigger -> !trigger.position().paused())
                    .filter(trigger ->
                            pools.contains(trigger.manifest().scaling().pool()))
                    .collect(Collectors.toMap(Key::of, trigger -> trigger));
            seen = read;
        }
        var now = System.nanoTime();
        resting.values().removeIf(until -> now - until >= 0);
        var keys = new HashSet<>(wanted.keySet());
        keys.addAll(open.keySet());
        keys.forEach(this::look);
    }

    /** Another region may have let a topic pass that is not a user's here. */
    private Stream<Trigger> allowed() {
        var parted = view.triggers().stream().collect(Collectors.partitioningBy(this::isAllowed));
        var before = refused;
        refused = parted.get(false).stream().map(Key::of).collect(Collectors.toSet());
        refused.stream()
                .filter(key -> !before.contains(key))
                .forEach(key -> LOG.atWarn()
                        .addKeyValue("function", key.function())
                        .addKeyValue("topic", key.topic())
                        .log("a trigger does not run here: it names a topic that is reserved in this region"));
        return parted.get(true).stream();
    }

    /** Whether it reads and writes only topics that are users' in this region. */
    boolean isAllowed(Trigger trigger) {
        return trigger.isAllowed(parts.region().plan());
    }

    private void look(Key key) {
        if (busy.contains(key) || resting.containsKey(key)) {
            return;
        }
        var there = open.get(key);
        var trigger = wanted.get(key);
        if (there == null) {
            if (trigger != null) {
                change(key, () -> open(key, trigger));
            }
        } else if (trigger == null || !there.serves(trigger)) {
            change(key, () -> close(key, there));
        } else {
            there.keepUp();
        }
    }

    private interface Change {
        void make() throws InterruptedException;
    }

    private void change(Key key, Change change) {
        busy.add(key);
        changing.execute(() -> {
            try {
                change.make();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.atWarn()
                        .addKeyValue("function", key.function())
                        .addKeyValue("topic", key.topic())
                        .addKeyValue("error", e.toString())
                        .log("a trigger could not be opened or closed, and is tried again");
                resting.put(key, System.nanoTime() + REST_NANOS);
            } finally {
                busy.remove(key);
            }
        });
    }

    private void open(Key key, Trigger trigger) throws InterruptedException {
        var opened = new RunningTrigger(parts, admin, trigger, runner(trigger), meters(trigger));
        open.put(key, opened);
        opened.keepUp();
        LOG.atInfo()
                .addKeyValue("function", key.function())
                .addKeyValue("topic", key.topic())
                .addKeyValue("generation", trigger.position().generation())
                .log("records of a topic run a function");
    }

    /** What runs a trigger's records, counted as that trigger's. */
    TriggerRunner runner(Trigger trigger) {
        return new TriggerRunner(running, trigger, meters(trigger));
    }

    private TriggerMeters meters(Trigger trigger) {
        var key = Key.of(trigger);
        return series.of(key.function(), key.topic());
    }

    private void close(Key key, RunningTrigger there) {
        there.close();
        open.remove(key);
        LOG.atInfo()
                .addKeyValue("function", key.function())
                .addKeyValue("topic", key.topic())
                .log("records of a topic do not run a function any more, or otherwise");
    }

    /** Lets all of them drain and leave, at the same time. Blocks. */
    @Override
    public void close() {
        looking.shutdownNow();
        changing.shutdownNow();
        try (var leaving = Executors.newVirtualThreadPerTaskExecutor()) {
            changing.awaitTermination(2, TimeUnit.SECONDS);
            open.values().forEach(trigger -> leaving.execute(trigger::close));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        admin.close(Duration.ZERO);
    }
}
