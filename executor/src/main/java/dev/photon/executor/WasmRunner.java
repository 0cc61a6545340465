package dev.photon.executor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.executor.wasm.CompiledFunction;
import dev.photon.executor.wasm.GuestRequest;
import dev.photon.executor.wasm.RunLimits;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import dev.photon.registry.Manifest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs functions within their limits; what they write to standard error is logged. Thread-safe. */
final class WasmRunner implements GuestRunner {
    private static final Logger FUNCTION_LOG = LoggerFactory.getLogger("dev.photon.function");

    /** Answer and header, so that both fit a record under a broker's default limit of 1 MB. */
    private static final int MAX_ANSWER_BYTES = 900_000;

    @Override
    public Reply.Outcome run(CompiledFunction function, Manifest manifest, Invocation invocation, long limitMillis) {
        var request = new GuestRequest(
                invocation.http(),
                invocation.body(),
                manifest.env(),
                manifest.name(),
                manifest.version(),
                invocation.id());
        var limits = new RunLimits(limitMillis, manifest.limits().memoryPages(), MAX_ANSWER_BYTES);
        return function.run(request, limits, (kept, dropped) -> log(invocation, manifest, kept, dropped));
    }

    private static void log(Invocation invocation, Manifest manifest, byte[] kept, long dropped) {
        FUNCTION_LOG
                .atInfo()
                .addKeyValue("function", manifest.name())
                .addKeyValue("version", manifest.version())
                .addKeyValue("invocation", invocation.id())
                .addKeyValue("droppedBytes", dropped)
                .log(new String(kept, UTF_8).stripTrailing());
    }
}
