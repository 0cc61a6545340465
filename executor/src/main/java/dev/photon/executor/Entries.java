package dev.photon.executor;

import dev.photon.registry.EntryTopic;
import dev.photon.registry.FunctionView;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a consumer for each entry topic that is declared, as the view says: they come, go and change while the executor
 * runs. Each is opened and closed on a thread of its own, one step after the other. Thread-safe.
 */
final class Entries implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Entries.class);
    private static final long LOOK_MILLIS = 200;
    /** After a change that failed. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final FunctionView view;
    private final RunningEntry.Parts parts;
    private final Admin admin;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("entries").factory());
    private final ExecutorService changing = Executors.newVirtualThreadPerTaskExecutor();

    private final Map<String, RunningEntry> open = new ConcurrentHashMap<>();
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    /** When those may be looked at again whose change failed, by the monotonic clock. */
    private final Map<String, Long> resting = new ConcurrentHashMap<>();

    private long seen = -1;
    private Map<String, EntryTopic> wanted = Map.of();

    Entries(FunctionView view, RunningEntry.Parts parts) {
        this.view = view;
        this.parts = parts;
        this.admin = parts.region().kafka().admin();
    }

    void start() {
        looking.scheduleWithFixedDelay(this::lookOrTell, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Those that consume, as they are at any moment. */
    List<RecordLoop> loops() {
        return open.values().stream().flatMap(entry -> entry.loops().stream()).toList();
    }

    /** A look that fails must not be the last one. */
    private void lookOrTell() {
        try {
            look();
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("entry topics could not be looked after");
        }
    }

    private void look() {
        var read = view.read();
        if (read != seen) {
            // What a setting opens is consumed as such.
            wanted = view.entries().stream()
                    .filter(entry -> !parts.region().plan().entries().contains(entry.name()))
                    .collect(Collectors.toMap(EntryTopic::name, entry -> entry));
            seen = read;
        }
        var now = System.nanoTime();
        resting.values().removeIf(until -> now - until >= 0);
        var names = new HashSet<>(wanted.keySet());
        names.addAll(open.keySet());
        names.forEach(this::look);
    }

    private void look(String name) {
        if (busy.contains(name) || resting.containsKey(name)) {
            return;
        }
        var there = open.get(name);
        var entry = wanted.get(name);
        if (there == null) {
            if (entry != null) {
                change(name, () -> open(entry));
            }
        } else if (entry == null || !there.serves(entry)) {
            change(name, () -> close(name, there));
        } else {
            there.follow(entry);
            there.keepUp();
        }
    }

    private interface Change {
        void make() throws InterruptedException;
    }

    private void change(String name, Change change) {
        busy.add(name);
        changing.execute(() -> {
            try {
                change.make();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.atWarn()
                        .addKeyValue("entry", name)
                        .addKeyValue("error", e.toString())
                        .log("an entry topic could not be opened or closed, and is tried again");
                resting.put(name, System.nanoTime() + REST_NANOS);
            } finally {
                busy.remove(name);
            }
        });
    }

    private void open(EntryTopic entry) throws InterruptedException {
        var opened = new RunningEntry(parts, admin, entry);
        open.put(entry.name(), opened);
        opened.keepUp();
        LOG.atInfo()
                .addKeyValue("entry", entry.name())
                .addKeyValue("generation", entry.generation())
                .log("publishers may call functions through a topic");
    }

    private void close(String name, RunningEntry there) {
        there.close();
        open.remove(name);
        LOG.atInfo().addKeyValue("entry", name).log("publishers may not call functions through a topic, or otherwise");
    }

    /** Lets all of them drain and leave, at the same time. Blocks. */
    @Override
    public void close() {
        looking.shutdownNow();
        changing.shutdownNow();
        try (var leaving = Executors.newVirtualThreadPerTaskExecutor()) {
            changing.awaitTermination(2, TimeUnit.SECONDS);
            open.values().forEach(entry -> leaving.execute(entry::close));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        admin.close(Duration.ZERO);
    }
}
