package dev.photon.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.executor.wasm.Engine;
import dev.photon.executor.wasm.GuestLog;
import dev.photon.executor.wasm.GuestRequest;
import dev.photon.executor.wasm.GuestThreads;
import dev.photon.executor.wasm.RunLimits;
import dev.photon.executor.wasm.Watchdog;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import dev.photon.registry.InvalidModule;
import dev.photon.registry.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Runs a kernel as the executor does, and prints its answer. */
public final class KernelRun {
    private static final long LIMIT_MILLIS = 600_000;

    private KernelRun() {}

    /**
     * @param arguments the module's file, and the query
     */
    public static void main(String[] arguments) throws IOException, InvalidModule {
        try (var watchdog = new Watchdog();
                var threads = new GuestThreads(1, 1, Duration.ZERO)) {
            var wasm = ByteBuffer.wrap(Files.readAllBytes(Path.of(arguments[0])));
            var function = new Engine(watchdog).compile(wasm);
            var head = new Invocation.HttpHead("GET", "/", arguments[1], List.of());
            var request = new GuestRequest(head, new byte[0], Map.of(), "kernel", "1.0.0", "0", false);
            var limits = RunLimits.of(Manifest.Limits.DEFAULT, LIMIT_MILLIS);
            System.out.print(CompletableFuture.supplyAsync(
                            () -> answer(function.run(request, limits, GuestLog.NONE)), threads)
                    .join());
        }
    }

    private static String answer(Reply.Outcome outcome) {
        return switch (outcome) {
            case Reply.Answer answer -> new String(answer.body(), UTF_8);
            case Reply.Begun begun -> throw new IllegalStateException("the answer is too large");
            case Reply.Failure failure -> throw new IllegalStateException(failure.message());
        };
    }
}
