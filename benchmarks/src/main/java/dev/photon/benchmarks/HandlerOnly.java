package dev.photon.benchmarks;

import dev.photon.executor.wasm.Watchdog;
import dev.photon.registry.InvalidModule;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** The executor's engine alone with the echo as a handler: instances that serve one request after the other. */
public final class HandlerOnly {
    private HandlerOnly() {}

    public static void main(String[] arguments)
            throws IOException, InvalidModule, InterruptedException, ExecutionException {
        try (var watchdog = new Watchdog()) {
            new Loop(new WasmOnly(watchdog, EchoGuest.HANDLER)::answer).run(Pace.of(arguments), List.of(1, 2));
        }
    }
}
