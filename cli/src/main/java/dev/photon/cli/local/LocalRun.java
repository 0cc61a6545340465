package dev.photon.cli.local;

import dev.photon.executor.wasm.Engine;
import dev.photon.executor.wasm.GuestLog;
import dev.photon.executor.wasm.GuestRequest;
import dev.photon.executor.wasm.GuestThreads;
import dev.photon.executor.wasm.RunLimits;
import dev.photon.executor.wasm.Watchdog;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.Reply;
import dev.photon.registry.FunctionSettings;
import dev.photon.registry.InvalidModule;
import dev.photon.registry.MappedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One run of a function in this process, by the executor's engine and within the executor's limits. */
final class LocalRun {
    private static final Duration GRACE = Duration.ZERO;

    private final FunctionSettings settings;
    private final Path module;

    LocalRun(FunctionSettings settings, Path module) {
        this.settings = settings;
        this.module = module;
    }

    /** What {@code POST} with that body gets; the request has the limits of an ingress. */
    Reply.Outcome post(List<Header> headers, byte[] body, GuestLog log) throws InvalidModule, IOException {
        if (body.length > Invocation.DEFAULT_BODY_BYTES) {
            throw new IllegalArgumentException(
                    "the body of a request has at most " + Invocation.DEFAULT_BODY_BYTES + " bytes");
        }
        var head = new Invocation.HttpHead("POST", "", "", headers);
        var variables = new HashMap<>(settings.env());
        variables.putAll(LocalSecrets.of(settings));
        var request = new GuestRequest(
                head, body, variables, settings.name(), settings.version(), InvocationIds.next(), false);
        try (var content = MappedFile.open(module);
                var watchdog = new Watchdog();
                var threads = new GuestThreads(1, 1, GRACE);
                var calls = new LocalCalls(settings)) {
            var function = new Engine(watchdog).function(content.content(), settings.lang());
            var limits = RunLimits.of(settings.limits(), settings.limits().timeoutMillis());
            return CompletableFuture.supplyAsync(
                            () -> function.run(request, limits, log, calls, new WholeAnswer()), threads)
                    .join();
        }
    }
}
