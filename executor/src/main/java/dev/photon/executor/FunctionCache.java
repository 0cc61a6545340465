package dev.photon.executor;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.photon.executor.wasm.CodeStore;
import dev.photon.executor.wasm.CompiledCode;
import dev.photon.executor.wasm.Engine;
import dev.photon.executor.wasm.LoadedFunction;
import dev.photon.protocol.Digest;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.FunctionView;
import dev.photon.registry.InvalidModule;
import dev.photon.registry.Manifest;
import dev.photon.registry.MappedFile;
import dev.photon.registry.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Functions that are loaded, by the digest of their module: at first need, once however many ask, and until they are
 * idle for as long as they say, no version names them, or others need the room. What was loaded and runs is not touched by that. Thread-safe,
 * never waits.
 *
 * <pre>
 *  script ───────────────────────────────────────────────────────────────────────────────► loaded
 *  deployed ──► Compilations ahead of any call ─► CodeStore
 *  called ────► code on disk? ── yes ─────────────────────────────────► classes defined ─► loaded
 *                    └── no ──► Compilations, at once ─────────────────────┘
 *                      └──────► interpreted meanwhile, if the module is small
 * </pre>
 */
final class FunctionCache implements FunctionView.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(FunctionCache.class);

    /** A parsed module takes up to 54 bytes for each of these, of the memory budget, until it is compiled. */
    private static final long MAX_INTERPRETED_BYTES = 1 << 20;

    private static final int MAX_INTERPRETED = 16;

    private static final Duration SHORTEST_READY = Duration.ofSeconds(5);

    private final ArtifactStore artifacts;
    private final Engine engine;
    private final CodeStore codes;
    private final Compilations compilations;
    private final Executor loaders;
    private final Duration idle;
    private final Cache<Digest, Kept> loaded;
    private final Map<Digest, Loading> loadings = new ConcurrentHashMap<>();
    private final Semaphore interpretations = new Semaphore(MAX_INTERPRETED);

    /**
     * A function on its way.
     *
     * @param compiled fails when it cannot be fetched or compiled; that is not kept, the next call tries again
     * @param first interpreted, or compiled when that is there earlier
     */
    record Loading(CompletableFuture<LoadedFunction> compiled, CompletableFuture<LoadedFunction> first) {}

    /**
     * A loaded function.
     *
     * @param first that asked for it; others may have the same module
     * @param idle after which it goes
     */
    private record Kept(LoadedFunction function, Manifest first, Duration idle) {}

    /** What is used to load functions. */
    record Sources(ArtifactStore artifacts, Engine engine, CodeStore codes, Compilations compilations) {}

    FunctionCache(Sources sources, Executor loaders, ExecutorConfig.Loading limits, Ticker clock) {
        this.artifacts = sources.artifacts();
        this.engine = sources.engine();
        this.codes = sources.codes();
        this.compilations = sources.compilations();
        this.loaders = loaders;
        this.idle = limits.idle();
        this.loaded = Caffeine.newBuilder()
                .executor(loaders)
                .scheduler(Scheduler.systemScheduler())
                .ticker(clock)
                .expireAfter(Expiry.accessing((Digest digest, Kept kept) -> kept.idle()))
                .maximumWeight(limits.codeBytes())
                .weigher((Digest digest, Kept kept) ->
                        (int) Math.min(Integer.MAX_VALUE, kept.function().codeBytes()))
                .removalListener(FunctionCache::gone)
                .build();
    }

    Optional<LoadedFunction> loaded(Manifest manifest) {
        return Optional.ofNullable(loaded.getIfPresent(manifest.digest())).map(Kept::function);
    }

    /** The same, and it does not count as a use. */
    Optional<LoadedFunction> loadedQuietly(Manifest manifest) {
        return Optional.ofNullable(loaded.policy().getIfPresentQuietly(manifest.digest()))
                .map(Kept::function);
    }

    /** How long the function stays loaded without a use; when some of it is to be ready, a few seconds at least. */
    Duration idle(Manifest manifest) {
        var said = manifest.scaling().idleSeconds().map(Duration::ofSeconds).orElse(idle);
        return manifest.scaling().min() > 0 && said.compareTo(SHORTEST_READY) < 0 ? SHORTEST_READY : said;
    }

    private static void gone(Digest digest, Kept kept, RemovalCause cause) {
        kept.function().rest();
        var why = switch (cause) {
            case EXPIRED -> "nobody called it for %d s".formatted(kept.idle().toSeconds());
            case SIZE -> "others need the room";
            case EXPLICIT -> "no version names it";
            case REPLACED, COLLECTED -> "it was loaded again";
        };
        log(kept.first(), why, "function unloaded");
    }

    private static void log(Manifest manifest, String why, String what) {
        LOG.atInfo()
                .addKeyValue("function", manifest.name())
                .addKeyValue("version", manifest.version())
                .addKeyValue("reason", why)
                .log(what);
    }

    /** For a call. */
    Loading load(Manifest manifest) {
        return load(manifest, "it was called");
    }

    /** Loads a function before it is called, once there is code: those that are called go first. */
    void prepare(Manifest manifest, String why) {
        if (manifest.lang().equals(Script.LANG) || codes.has(manifest.digest()) || !codes.isUsable()) {
            load(manifest, why);
        } else {
            compilations.seen(manifest);
        }
    }

    /**
     * @param why for people
     */
    private Loading load(Manifest manifest, String why) {
        var loading = new Loading(new CompletableFuture<>(), new CompletableFuture<>());
        var begun = loadings.putIfAbsent(manifest.digest(), loading);
        if (begun != null) {
            return begun;
        }
        CompletableFuture.supplyAsync(() -> script(manifest), loaders)
                .thenCompose(script ->
                        script.map(CompletableFuture::completedFuture).orElseGet(() -> module(manifest, loading)))
                .whenComplete((function, failure) -> {
                    if (failure == null) {
                        log(manifest, why, "function loaded");
                    }
                    ended(manifest, loading, function, failure);
                });
        return loading;
    }

    private Optional<LoadedFunction> script(Manifest manifest) {
        if (!manifest.lang().equals(Script.LANG)) {
            return Optional.empty();
        }
        try (var file = MappedFile.open(artifacts.fetch(manifest.module()))) {
            return Script.is(file.content(), manifest.lang())
                    ? Optional.of(engine.script(file.content()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private CompletableFuture<LoadedFunction> module(Manifest manifest, Loading loading) {
        return CompletableFuture.supplyAsync(() -> codes.read(manifest.digest()), loaders)
                .thenCompose(kept -> kept.map(CompletableFuture::completedFuture)
                        .orElseGet(() -> compile(manifest, loading.first())))
                .thenApplyAsync(code -> define(manifest, code), loaders);
    }

    private void ended(Manifest manifest, Loading loading, LoadedFunction function, Throwable failure) {
        if (failure == null) {
            loaded.put(manifest.digest(), new Kept(function, manifest, idle(manifest)));
            loading.compiled().complete(function);
            loading.first().complete(function);
        } else {
            loading.compiled().completeExceptionally(failure);
            loading.first().completeExceptionally(failure);
        }
        loadings.remove(manifest.digest());
    }

    private CompletableFuture<CompiledCode> compile(Manifest manifest, CompletableFuture<LoadedFunction> first) {
        var code = compilations.wanted(manifest);
        if (manifest.size() <= MAX_INTERPRETED_BYTES && interpretations.tryAcquire()) {
            code.whenComplete((compiled, failure) -> interpretations.release());
            loaders.execute(() -> interpret(manifest).ifPresent(function -> {
                first.complete(function);
                code.whenComplete((compiled, failure) -> function.rest());
            }));
        }
        return code;
    }

    /** A failure is the compiler's to tell: it reads the same module. */
    private Optional<LoadedFunction> interpret(Manifest manifest) {
        try (var file = MappedFile.open(artifacts.fetch(manifest.module()))) {
            return engine.interpret(file.content());
        } catch (IOException | InvalidModule | RuntimeException e) {
            return Optional.empty();
        }
    }

    private LoadedFunction define(Manifest manifest, CompiledCode code) {
        try (var file = MappedFile.open(artifacts.fetch(manifest.module()))) {
            return engine.load(file.content(), code);
        } catch (IOException | InvalidModule e) {
            throw new CompletionException(e);
        }
    }

    @Override
    public void deployed(Manifest manifest) {
        if (manifest.filesOnly()) {
            return;
        }
        if (manifest.lang().equals(Script.LANG)) {
            loaders.execute(engine::prepareScripts);
        } else {
            compilations.seen(manifest);
        }
    }

    @Override
    public void unnamed(Digest digest) {
        loaded.invalidate(digest);
    }

    /** Instances of this version that wait for their next request. Looking does not keep the function loaded. */
    int warmInstances(Manifest manifest) {
        return Optional.ofNullable(loaded.policy().getIfPresentQuietly(manifest.digest()))
                .map(kept -> kept.function().warmInstances(manifest.name(), manifest.version()))
                .orElse(0);
    }

    /** How many are loaded. */
    int size() {
        return loaded.asMap().size();
    }

    /** Of class files that are loaded. */
    long codeBytes() {
        return loaded.asMap().values().stream()
                .mapToLong(kept -> kept.function().codeBytes())
                .sum();
    }
}
