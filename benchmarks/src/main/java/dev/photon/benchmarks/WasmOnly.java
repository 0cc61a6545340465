package dev.photon.benchmarks;

import dev.photon.executor.wasm.Engine;
import dev.photon.executor.wasm.GuestLog;
import dev.photon.executor.wasm.GuestRequest;
import dev.photon.executor.wasm.LoadedFunction;
import dev.photon.executor.wasm.RunLimits;
import dev.photon.executor.wasm.Watchdog;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import dev.photon.registry.InvalidModule;
import dev.photon.registry.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** The executor's engine alone, with one function of any kind, on one and on two threads: {@code … MODULE}. */
public final class WasmOnly {
    private final LoadedFunction function;
    private final GuestRequest request;
    private final RunLimits limits = RunLimits.of(Manifest.Limits.DEFAULT, 30_000);

    /**
     * @param module a file of the repository
     */
    WasmOnly(Watchdog watchdog, String module) throws IOException, InvalidModule {
        var content = ByteBuffer.wrap(EchoGuest.module(EchoGuest.root(), module));
        function = new Engine(watchdog).function(content, module.endsWith(".js") ? "js" : "");
        var head = new Invocation.HttpHead("POST", "", "", EchoGuest.HEADERS);
        request = new GuestRequest(
                head, EchoGuest.body(), Map.of(), EchoGuest.NAME, "1.0.0", "0123456789abcdef0123456789abcdef", true);
    }

    public static void main(String[] arguments)
            throws IOException, InvalidModule, InterruptedException, ExecutionException {
        try (var watchdog = new Watchdog()) {
            new Loop(new WasmOnly(watchdog, arguments[2])::answer).run(Pace.of(arguments), List.of(1, 2));
        }
    }

    /** Runs once, and returns the length of the answer. */
    long answer() {
        return switch (function.run(request, limits, GuestLog.NONE)) {
            case Reply.Answer answer -> answer.body().length;
            case Reply.Begun begun -> throw new IllegalStateException("the answer is too large");
            case Reply.Failure failure -> throw new IllegalStateException(failure.message());
        };
    }
}
