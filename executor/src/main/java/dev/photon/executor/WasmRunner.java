package dev.photon.executor;

import dev.photon.executor.outbound.OutboundClient;
import dev.photon.executor.outbound.OutboundPolicy;
import dev.photon.executor.wasm.CompiledFunction;
import dev.photon.executor.wasm.GuestRequest;
import dev.photon.executor.wasm.RunLimits;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.LogLevel;
import dev.photon.protocol.Reply;
import dev.photon.registry.Manifest;

/** Runs functions within their limits; what they write to standard error, and why they failed, is logged. Thread-safe. */
final class WasmRunner implements GuestRunner {
    private final Environments environments;
    private final FunctionLogs logs;
    private final OutboundClient outbound;

    WasmRunner(Environments environments, FunctionLogs logs, OutboundClient outbound) {
        this.environments = environments;
        this.logs = logs;
        this.outbound = outbound;
    }

    @Override
    public Reply.Outcome run(CompiledFunction function, Manifest manifest, Invocation invocation, long limitMillis) {
        var outcome = outcome(function, manifest, invocation, limitMillis);
        if (outcome instanceof Reply.Failure failure) {
            logs.add(manifest, invocation.id(), LogLevel.ERROR, failure.message());
        }
        return outcome;
    }

    private Reply.Outcome outcome(
            CompiledFunction function, Manifest manifest, Invocation invocation, long limitMillis) {
        try {
            var request = new GuestRequest(
                    invocation.http(),
                    invocation.body(),
                    environments.of(manifest),
                    manifest.name(),
                    manifest.version(),
                    invocation.id());
            var limits = RunLimits.of(manifest.limits(), limitMillis);
            var calls = outbound.calls(
                    OutboundPolicy.of(manifest.outbound()),
                    limits.outboundCalls(),
                    OutboundClient.ANSWER_BYTES,
                    invocation.traceparent());
            return function.run(request, limits, logs.of(manifest, invocation.id()), calls);
        } catch (Environments.Closed e) {
            return e.failure();
        }
    }
}
