package dev.photon.cli.local;

import dev.photon.executor.ExecutorConfig;
import dev.photon.executor.outbound.Cause;
import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.executor.outbound.OutboundClient;
import dev.photon.executor.outbound.OutboundPolicy;
import dev.photon.executor.outbound.OutboundRequest;
import dev.photon.executor.outbound.OutboundResult;
import dev.photon.protocol.Settings;
import dev.photon.registry.FunctionSettings;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/** A function's calls to others, by the rules that hold in a region. A function that makes none starts no client. */
final class LocalCalls implements OutboundCalls, AutoCloseable {
    private final FunctionSettings settings;
    private final Cause cause;
    private Optional<Opened> opened = Optional.empty();

    LocalCalls(FunctionSettings settings, Cause cause) {
        this.settings = settings;
        this.cause = cause;
    }

    private record Opened(Vertx vertx, OutboundClient client, OutboundCalls calls) {}

    @Override
    public OutboundResult send(OutboundRequest request, Duration timeout) throws InterruptedException {
        if (opened.isEmpty()) {
            opened = Optional.of(open());
        }
        return opened.get().calls().send(request, timeout);
    }

    /** Of a setting of executors that is wrong, all is said: it opens what is closed by default. */
    private Opened open() {
        var environment = new Settings(System::getenv);
        var allowed = ExecutorConfig.outboundAllowed(environment);
        environment.check();
        var vertx = Vertx.vertx();
        var client = new OutboundClient(vertx, allowed);
        var policy = OutboundPolicy.of(settings.outbound());
        return new Opened(
                vertx,
                client,
                client.calls(policy, settings.limits().outboundCalls(), OutboundClient.ANSWER_BYTES, cause));
    }

    @Override
    public void close() {
        opened.ifPresent(there -> {
            there.client().close();
            there.vertx().close().toCompletionStage().toCompletableFuture().join();
        });
    }
}
