package dev.photon.executor;

import dev.photon.executor.wasm.CodeStore;
import dev.photon.executor.wasm.CompiledCode;
import dev.photon.executor.wasm.Engine;
import dev.photon.protocol.Digest;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.Manifest;
import dev.photon.registry.MappedFile;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles modules, each once however many ask. What nobody waits for yet is forgotten when too much of it comes
 * together; what a call waits for has threads of its own, and overtakes. Thread-safe, never waits.
 *
 * <pre>
 *  seen ────► ahead ───┐
 *                      ├─► fetch ► parse ► compile ► CodeStore
 *  wanted ──► wanted ──┘     whichever thread comes first
 * </pre>
 */
final class Compilations {
    private static final Logger LOG = LoggerFactory.getLogger(Compilations.class);

    private final ArtifactStore artifacts;
    private final Engine engine;
    private final CodeStore codes;
    private final Map<Digest, Once<CompiledCode>> begun = new ConcurrentHashMap<>();
    private final Executor ahead;
    private final Executor wanted;

    /**
     * @param ahead for what was seen; may reject
     * @param wanted for what a call waits for
     */
    Compilations(ArtifactStore artifacts, Engine engine, CodeStore codes, Executor ahead, Executor wanted) {
        this.artifacts = artifacts;
        this.engine = engine;
        this.codes = codes;
        this.ahead = ahead;
        this.wanted = wanted;
    }

    /** Compiles the function before it is called, if there is time. */
    void seen(Manifest manifest) {
        if (!codes.isUsable() || codes.has(manifest.digest())) {
            return;
        }
        var compilation = compilation(manifest);
        try {
            ahead.execute(compilation);
        } catch (RejectedExecutionException e) {
            begun.remove(manifest.digest(), compilation);
        }
    }

    /** The function's code. A failure is not kept: the next call tries again. */
    CompletableFuture<CompiledCode> wanted(Manifest manifest) {
        var compilation = compilation(manifest);
        wanted.execute(compilation);
        return compilation.result();
    }

    private Once<CompiledCode> compilation(Manifest manifest) {
        return begun.computeIfAbsent(manifest.digest(), digest -> {
            var compilation = new Once<>(() -> compile(manifest));
            compilation.result().whenComplete((code, failure) -> begun.remove(digest, compilation));
            return compilation;
        });
    }

    private CompiledCode compile(Manifest manifest) throws Exception {
        try (var file = MappedFile.open(artifacts.fetch(manifest.module()))) {
            var code = engine.translate(file.content());
            codes.write(manifest.digest(), code);
            return code;
        } catch (Exception | Error e) {
            LOG.atWarn()
                    .addKeyValue("function", manifest.name())
                    .addKeyValue("version", manifest.version())
                    .addKeyValue("error", e.toString())
                    .log("function could not be compiled");
            throw e;
        }
    }
}
