package dev.photon.executor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.executor.wasm.CodeStore;
import dev.photon.executor.wasm.Engine;
import dev.photon.executor.wasm.GuestLog;
import dev.photon.executor.wasm.GuestRequest;
import dev.photon.executor.wasm.LoadedFunction;
import dev.photon.executor.wasm.RunLimits;
import dev.photon.executor.wasm.Watchdog;
import dev.photon.protocol.Digest;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.LogLevel;
import dev.photon.protocol.Reply;
import dev.photon.protocol.Topics;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.Manifest;
import dev.photon.registry.Placement;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A function cache whose modules are on disk already, so that it needs no Kafka. */
final class TestingCache implements AutoCloseable {
    private final Path folder;
    private final Watchdog watchdog = new Watchdog();
    private final ExecutorService loaders = Executors.newFixedThreadPool(2);
    private final CodeStore codes;
    private final TestingExecutor ahead = new TestingExecutor();
    private final TestingExecutor wanted = new TestingExecutor();
    private final TestingTicker clock = new TestingTicker();
    private final FunctionCache cache;

    TestingCache(Path folder) throws IOException {
        this.folder = folder;
        this.codes = new CodeStore(folder, 1L << 30);
        var artifacts = new ArtifactStore(new KafkaConnection("127.0.0.1:1"), new Topics("test"), folder);
        var engine = new Engine(watchdog);
        var compilations = new Compilations(artifacts, engine, codes, ahead, wanted);
        var limits = new ExecutorConfig.Loading(1L << 30, 1 << 20, Duration.ofMinutes(10));
        cache = new FunctionCache(
                new FunctionCache.Sources(artifacts, engine, codes, compilations), loaders, limits, clock);
    }

    FunctionCache cache() {
        return cache;
    }

    CodeStore codes() {
        return codes;
    }

    TestingTicker clock() {
        return clock;
    }

    /** What is compiled before it is called. */
    TestingExecutor ahead() {
        return ahead;
    }

    /** What is compiled for a call. */
    TestingExecutor wanted() {
        return wanted;
    }

    static byte[] guest(String name) throws IOException {
        return Files.readAllBytes(
                Path.of(System.getProperty("photon.root"), "e2e/src/test/resources/guests", name + ".wasm"));
    }

    /** The same module under another digest: with a custom section (WebAssembly Core Specification 2.0, 5.5.3). */
    static byte[] marked(byte[] wasm, int number) {
        var marked = new ByteArrayOutputStream();
        var name = "n%06d".formatted(number).getBytes(UTF_8);
        marked.writeBytes(wasm);
        marked.write(0);
        marked.write(name.length + 1);
        marked.write(name.length);
        marked.writeBytes(name);
        return marked.toByteArray();
    }

    Manifest deploy(byte[] wasm) throws IOException {
        return deploy(wasm, "");
    }

    Manifest deploy(byte[] wasm, String lang) throws IOException {
        return deploy(wasm, lang, Manifest.Scaling.DEFAULT);
    }

    Manifest deploy(byte[] wasm, Manifest.Scaling scaling) throws IOException {
        return deploy(wasm, "", scaling);
    }

    private Manifest deploy(byte[] wasm, String lang, Manifest.Scaling scaling) throws IOException {
        var digest = Digest.of(wasm);
        Files.write(folder.resolve(digest.hex()), wasm);
        return new Manifest(
                "name",
                "1.0.0",
                "",
                lang,
                digest,
                wasm.length,
                0,
                Map.of(),
                Map.of(),
                Manifest.Limits.DEFAULT,
                Manifest.Outbound.NONE,
                true,
                scaling,
                Placement.EVERYWHERE,
                "",
                List.of(),
                List.of(),
                Optional.empty(),
                Manifest.Auth.PUBLIC,
                new Manifest.Logs(true, LogLevel.INFO),
                new Manifest.Chunks(0, 0, 0, 1),
                Optional.empty());
    }

    static Reply.Outcome run(LoadedFunction function) {
        var head = new Invocation.HttpHead("POST", "/", "", List.of());
        var request = new GuestRequest(head, "body".getBytes(UTF_8), Map.of(), "name", "1.0.0", "id", true);
        return function.run(request, RunLimits.of(Manifest.Limits.DEFAULT, 5_000), GuestLog.NONE);
    }

    @Override
    public void close() {
        loaders.shutdownNow();
        watchdog.close();
    }
}
