package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import dev.photon.registry.InvalidModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The guests that the whole-system tests use, run by name: on guest threads, as the executor does. */
final class TestingGuests implements AutoCloseable {
    static final RunLimits LIMITS = limits(5_000, 64, 1 << 20);

    private final Watchdog watchdog = new Watchdog();
    private final GuestThreads threads = new GuestThreads(2, 8, Duration.ZERO);
    private final MemoryPool memories;
    private final Engine engine;

    TestingGuests() {
        this(Engine.defaultMemory());
    }

    TestingGuests(long memoryBytes) {
        this(new MemoryPool(memoryBytes));
    }

    TestingGuests(MemoryPool memories) {
        this.memories = memories;
        engine = new Engine(watchdog, memories);
    }

    static RunLimits limits(long millis, int pages, int answerBytes) {
        return new RunLimits(millis, pages, answerBytes, 64 << 10, 10, 1 << 20);
    }

    static byte[] bytes(String name) {
        try {
            return Files.readAllBytes(
                    Path.of(System.getProperty("photon.root"), "e2e/src/test/resources/guests", name + ".wasm"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static GuestRequest request(String body, Header... headers) {
        var head = new Invocation.HttpHead("POST", "/a%20b", "q=1", List.of(headers));
        return new GuestRequest(head, body.getBytes(UTF_8), Map.of("GREETING", "Hi"), "name", "1.2.3", "id-1", true);
    }

    static String body(Reply.Outcome outcome) {
        return outcome instanceof Reply.Answer answer ? new String(answer.body(), UTF_8) : outcome.toString();
    }

    long freeMemoryBytes() {
        return engine.freeMemoryBytes();
    }

    Watchdog watchdog() {
        return watchdog;
    }

    CompiledFunction compile(String name) throws InvalidModule {
        return compile(bytes(name));
    }

    CompiledFunction compile(byte[] wasm) throws InvalidModule {
        return engine.compile(ByteBuffer.wrap(wasm));
    }

    LoadedFunction interpret(byte[] wasm) throws InvalidModule {
        return interpretWhatFits(wasm).orElseThrow();
    }

    /** Empty for what would take more of the memory than there is. */
    Optional<LoadedFunction> interpretWhatFits(byte[] wasm) throws InvalidModule {
        return engine.interpret(ByteBuffer.wrap(wasm));
    }

    /** A script that shares memory with the other guests. */
    ScriptFunction script(String source) {
        return TestingScripts.load(source, watchdog, memories);
    }

    Reply.Outcome run(String name, RunLimits limits) throws InvalidModule {
        return run(compile(name), request("body"), limits, GuestLog.NONE).join();
    }

    CompletableFuture<Reply.Outcome> run(
            LoadedFunction function, GuestRequest request, RunLimits limits, GuestLog log) {
        return CompletableFuture.supplyAsync(() -> function.run(request, limits, log), threads);
    }

    CompletableFuture<Reply.Outcome> run(
            LoadedFunction function, GuestRequest request, RunLimits limits, LargeAnswer large) {
        return CompletableFuture.supplyAsync(
                () -> function.run(request, limits, GuestLog.NONE, OutboundCalls.NONE, large), threads);
    }

    /** Interrupts what still runs. */
    void closeThreads() {
        threads.close();
    }

    @Override
    public void close() {
        threads.close();
        watchdog.close();
    }
}
