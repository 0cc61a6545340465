package dev.photon.executor;

import dev.photon.executor.wasm.GuestThreads;
import dev.photon.registry.Alias;
import dev.photon.registry.FunctionView;
import dev.photon.registry.Manifest;
import dev.photon.registry.Resolution;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps functions ready that ask for it with {@code scaling.min}: their latest versions, and those that aliases stand
 * for. Others are loaded when they are called. Looked after by one thread at a time; functions get ready on others.
 */
final class WarmFunctions {
    private static final Logger LOG = LoggerFactory.getLogger(WarmFunctions.class);

    /** Compiling takes a while, and what had to make room for others would have to again. */
    private static final Duration LOAD_REST = Duration.ofSeconds(5);

    private static final Duration FAILURE_REST = Duration.ofSeconds(60);

    private final FunctionView view;
    private final Set<String> pools;
    private final FunctionCache functions;
    private final GuestRunner guests;
    private final GuestThreads threads;
    private final Rests loads;
    private final Rests uses;
    private final Rests failures;
    private final Set<Manifest> underWay = ConcurrentHashMap.newKeySet();
    private long seen = -1;
    private List<Manifest> wanted = List.of();

    /**
     * @param pools whose functions run here
     * @param nanoTime the monotonic clock
     */
    WarmFunctions(
            FunctionView view,
            Set<String> pools,
            FunctionCache functions,
            GuestRunner guests,
            GuestThreads threads,
            LongSupplier nanoTime) {
        this.view = view;
        this.pools = pools;
        this.functions = functions;
        this.guests = guests;
        this.threads = threads;
        this.loads = new Rests(nanoTime);
        this.uses = new Rests(nanoTime);
        this.failures = new Rests(nanoTime);
    }

    /** Begins what there is to do. What is not ready then is looked at again the next time. */
    void refresh() {
        var position = view.read();
        if (position != seen) {
            seen = position;
            wanted = wanted();
            Stream.of(loads, uses, failures).forEach(rests -> rests.retain(wanted));
        }
        wanted.forEach(this::keep);
    }

    private List<Manifest> wanted() {
        return view.names().stream()
                .flatMap(this::current)
                .filter(manifest -> manifest.scaling().min() > 0 && !manifest.filesOnly())
                .filter(manifest -> pools.contains(manifest.scaling().pool()))
                .distinct()
                .toList();
    }

    private Stream<Manifest> current(String function) {
        var aliased = view.aliases(function).stream()
                .map(Alias::targets)
                .flatMap(List::stream)
                .map(target -> Optional.of(target.version()));
        return Stream.concat(Stream.of(Optional.<String>empty()), aliased)
                .map(version -> view.resolve(function, version, () -> ""))
                .filter(Resolution.Found.class::isInstance)
                .map(found -> ((Resolution.Found) found).manifest());
    }

    private void keep(Manifest manifest) {
        var loaded = functions.loadedQuietly(manifest);
        if (loaded.isEmpty()) {
            if (loads.begin(manifest, LOAD_REST)) {
                functions.prepare(
                        manifest, "scaling.min is " + manifest.scaling().min());
            }
            return;
        }
        // Seldom, or what is called seldom would have to go for what is not called at all.
        if (uses.begin(manifest, functions.idle(manifest).dividedBy(3))) {
            functions.loaded(manifest);
        }
        if (!failures.has(manifest) && underWay.add(manifest)) {
            submit(manifest);
        }
    }

    private void submit(Manifest manifest) {
        try {
            threads.execute(() -> threads.run(manifest.name(), () -> warmUp(manifest)));
        } catch (RejectedExecutionException e) {
            underWay.remove(manifest);
        }
    }

    private void warmUp(Manifest manifest) {
        try {
            // It may have been unloaded since.
            var function = functions.loadedQuietly(manifest);
            if (function.isPresent() && !guests.warmUp(function.get(), manifest)) {
                failures.begin(manifest, FAILURE_REST);
                LOG.atWarn()
                        .addKeyValue("function", manifest.name())
                        .addKeyValue("version", manifest.version())
                        .log("function fails before it is called, so that none of it waits");
            }
        } finally {
            underWay.remove(manifest);
        }
    }

    /** What is left alone for a while. Thread-safe. */
    private static final class Rests {
        private final LongSupplier nanoTime;
        private final Map<Manifest, Long> until = new ConcurrentHashMap<>();

        Rests(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        /** Begins a rest; false when there is one already. */
        boolean begin(Manifest manifest, Duration rest) {
            if (has(manifest)) {
                return false;
            }
            until.put(manifest, nanoTime.getAsLong() + rest.toNanos());
            return true;
        }

        boolean has(Manifest manifest) {
            var end = until.get(manifest);
            return end != null && end - nanoTime.getAsLong() > 0;
        }

        void retain(Collection<Manifest> wanted) {
            until.keySet().retainAll(wanted);
        }
    }
}
