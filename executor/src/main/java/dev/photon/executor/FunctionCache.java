package dev.photon.executor;

import dev.photon.executor.wasm.CompiledFunction;
import dev.photon.executor.wasm.Engine;
import dev.photon.protocol.Digest;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.Manifest;
import dev.photon.registry.MappedFile;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Compiled functions by digest, fetched and compiled at first need, once however many ask. Thread-safe, never waits.
 */
final class FunctionCache {
    private final ArtifactStore artifacts;
    private final Engine engine;
    private final Executor loaders;
    private final Map<Digest, CompletableFuture<CompiledFunction>> functions = new ConcurrentHashMap<>();

    FunctionCache(ArtifactStore artifacts, Engine engine, Executor loaders) {
        this.artifacts = artifacts;
        this.engine = engine;
        this.loaders = loaders;
    }

    /** The function; a failure to fetch or compile it is not kept, the next call tries again. */
    CompletableFuture<CompiledFunction> get(Manifest manifest) {
        var known = functions.get(manifest.digest());
        return known != null ? known : functions.computeIfAbsent(manifest.digest(), digest -> load(manifest));
    }

    private CompletableFuture<CompiledFunction> load(Manifest manifest) {
        var loading = new CompletableFuture<CompiledFunction>();
        loaders.execute(() -> {
            try (var file = MappedFile.open(artifacts.fetch(manifest))) {
                loading.complete(engine.compile(file.content()));
            } catch (Exception | Error e) {
                // Also what a compiler runs out of: whoever waits must hear of it.
                functions.remove(manifest.digest(), loading);
                loading.completeExceptionally(e);
            }
        });
        return loading;
    }

    int size() {
        return functions.size();
    }
}
