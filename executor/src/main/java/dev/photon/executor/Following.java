package dev.photon.executor;

import dev.photon.registry.FunctionView;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one open of each that the view says is to be, by a name: they come, go and change while the executor runs. Each is
 * opened and closed on a thread of its own, one step after the other. Thread-safe.
 *
 * @param <W> what is wanted of one
 * @param <R> one that is open
 */
final class Following<W, R extends Following.Running<W>> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);
    private static final long LOOK_MILLIS = 200;
    /** After a change that failed. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** One that is open. Closing it may block. */
    interface Running<W> extends AutoCloseable {
        /** Whether it can go on as it is, or follow; another one is opened otherwise. */
        boolean serves(W wanted);

        /** Does, a few times in a second, what it takes to go on. Returns at once. */
        void keepUp(W wanted);

        @Override
        void close();
    }

    /** May block. */
    interface Opening<W, R> {
        R open(W wanted) throws InterruptedException;
    }

    private final String kind;
    private final FunctionView view;
    private final Supplier<Map<String, W>> wishes;
    private final Opening<W, R> opening;
    private final ScheduledExecutorService looking;
    private final ExecutorService changing = Executors.newVirtualThreadPerTaskExecutor();

    private final Map<String, R> open = new ConcurrentHashMap<>();
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    /** When those may be looked at again whose change failed, by the monotonic clock. */
    private final Map<String, Long> resting = new ConcurrentHashMap<>();

    private long seen = -1;
    private Map<String, W> wanted = Map.of();

    /**
     * @param kind of what they are, for the log
     * @param wishes is asked whenever the view has read something
     */
    Following(String kind, FunctionView view, Supplier<Map<String, W>> wishes, Opening<W, R> opening) {
        this.kind = kind;
        this.view = view;
        this.wishes = wishes;
        this.opening = opening;
        this.looking = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("following-" + kind).factory());
    }

    void start() {
        every(LOOK_MILLIS, 0, this::look);
    }

    /** Does something with each that is open, now and then. */
    void each(long millis, Consumer<R> step) {
        every(millis, millis, () -> open.values().forEach(step));
    }

    /** A step that fails must not be the last one. */
    private void every(long millis, long first, Runnable step) {
        Runnable guarded = () -> {
            try {
                step.run();
            } catch (RuntimeException | Error e) {
                LOG.atError().setCause(e).addKeyValue("kind", kind).log("what is consumed could not be looked after");
            }
        };
        looking.scheduleWithFixedDelay(guarded, first, millis, TimeUnit.MILLISECONDS);
    }

    /** Those that are open at any moment. */
    Collection<R> open() {
        return open.values();
    }

    private void look() {
        var read = view.read();
        if (read != seen) {
            wanted = wishes.get();
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
        var wish = wanted.get(name);
        if (there == null) {
            if (wish != null) {
                change(name, () -> open(name, wish));
            }
        } else if (wish == null || !there.serves(wish)) {
            change(name, () -> close(name, there));
        } else {
            there.keepUp(wish);
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
                        .addKeyValue(kind, name)
                        .addKeyValue("error", e.toString())
                        .log("a consumer could not be opened or closed, which is tried again");
                resting.put(name, System.nanoTime() + REST_NANOS);
            } finally {
                busy.remove(name);
            }
        });
    }

    private void open(String name, W wish) throws InterruptedException {
        var opened = opening.open(wish);
        open.put(name, opened);
        opened.keepUp(wish);
        LOG.atInfo().addKeyValue(kind, name).log("records of a topic run functions");
    }

    private void close(String name, R there) {
        there.close();
        open.remove(name);
        LOG.atInfo().addKeyValue(kind, name).log("records of a topic do not run functions any more, or otherwise");
    }

    /** Lets all of them drain and leave, at the same time. Blocks. */
    @Override
    public void close() {
        looking.shutdownNow();
        changing.shutdownNow();
        try (var leaving = Executors.newVirtualThreadPerTaskExecutor()) {
            changing.awaitTermination(2, TimeUnit.SECONDS);
            open.values().forEach(running -> leaving.execute(running::close));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
