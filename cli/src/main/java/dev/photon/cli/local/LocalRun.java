package dev.photon.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.executor.RunEvents;
import dev.photon.executor.RunName;
import dev.photon.executor.outbound.Cause;
import dev.photon.executor.wasm.Engine;
import dev.photon.executor.wasm.EventSink;
import dev.photon.executor.wasm.GuestLog;
import dev.photon.executor.wasm.GuestRequest;
import dev.photon.executor.wasm.GuestThreads;
import dev.photon.executor.wasm.RunLimits;
import dev.photon.executor.wasm.Watchdog;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.LogLevel;
import dev.photon.protocol.Reply;
import dev.photon.registry.FunctionSettings;
import dev.photon.registry.InvalidModule;
import dev.photon.registry.MappedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;

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
        var id = InvocationIds.next();
        var request = new GuestRequest(head, body, variables, settings.name(), settings.version(), id, false);
        var cause = Cause.of("", settings.name(), id, Optional.empty());
        try (var content = MappedFile.open(module);
                var watchdog = new Watchdog();
                var threads = new GuestThreads(1, 1, GRACE);
                var calls = new LocalCalls(settings, cause)) {
            var function = new Engine(watchdog).function(content.content(), settings.lang());
            var limits = RunLimits.of(settings.limits(), settings.limits().timeoutMillis());
            return CompletableFuture.supplyAsync(
                            () -> function.run(request, limits, log, calls, new WholeAnswer(), events(id, log)),
                            threads)
                    .join();
        }
    }

    /** By the rules that hold in a region; here is no log to publish to, so they are told. */
    private EventSink events(String id, GuestLog log) {
        return new RunEvents(
                settings.outbound().events(),
                new RunName("", settings.name(), id, Optional.empty()),
                topic -> false,
                events -> events.forEach(event -> log.line(LogLevel.INFO, told(event))));
    }

    private static String told(ProducerRecord<byte[], byte[]> event) {
        var type = new String(event.headers().lastHeader("ce_type").value(), UTF_8);
        return "event '%s' of %d bytes for the topic '%s', which only a region publishes"
                .formatted(type, event.value().length, event.topic());
    }
}
