package dev.photon.executor;

import dev.photon.executor.wasm.GuestThreads;
import dev.photon.executor.wasm.LoadedFunction;
import dev.photon.registry.Alias;
import dev.photon.registry.FunctionView;
import dev.photon.registry.Manifest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

    /** What failed, or had to make room after it was loaded, is left alone for so long. */
    private static final Duration REST = Duration.ofSeconds(60);

    private final FunctionView view;
    private final Set<String> pools;
    private final FunctionCache functions;
    private final GuestRunner guests;
    private final GuestThreads threads;
    private final Rests loads;
    private final Rests warmUps;
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
        this.warmUps = new Rests(nanoTime);
    }

    /** Begins what there is to do. What is not ready then is looked at again the next time. */
    void refresh() {
        var position = view.position();
        if (position != seen) {
            seen = position;
            wanted = wanted();
            loads.retain(wanted);
            warmUps.retain(wanted);
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
                .map(target -> view.version(function, target.version()));
        return Stream.concat(Stream.of(view.latest(function)), aliased).flatMap(Optional::stream);
    }

    private void keep(Manifest manifest) {
        var loaded = functions.loaded(manifest);
        if (loaded.isPresent()) {
            if (!warmUps.has(manifest)) {
                threads.execute(() -> threads.run(manifest.name(), () -> warmUp(manifest, loaded.get())));
            }
        } else if (!loads.has(manifest)) {
            loads.begin(manifest);
            functions.load(manifest, "scaling.min is " + manifest.scaling().min());
        }
    }

    private void warmUp(Manifest manifest, LoadedFunction function) {
        if (!guests.warmUp(function, manifest)) {
            warmUps.begin(manifest);
            LOG.atWarn()
                    .addKeyValue("function", manifest.name())
                    .addKeyValue("version", manifest.version())
                    .log("function fails before it is called, so that none of it waits");
        }
    }

    /** What is left alone for a while. Thread-safe. */
    private static final class Rests {
        private final LongSupplier nanoTime;
        private final Map<Manifest, Long> until = new ConcurrentHashMap<>();

        Rests(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        void begin(Manifest manifest) {
            until.put(manifest, nanoTime.getAsLong() + REST.toNanos());
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
