package dev.photon.executor;

import dev.photon.executor.outbound.Cause;
import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.executor.outbound.OutboundClient;
import dev.photon.executor.outbound.OutboundPolicy;
import dev.photon.executor.wasm.GuestLog;
import dev.photon.executor.wasm.GuestRequest;
import dev.photon.executor.wasm.LargeAnswer;
import dev.photon.executor.wasm.LoadedFunction;
import dev.photon.executor.wasm.RunLimits;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.LogLevel;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Reply;
import dev.photon.registry.Manifest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Runs functions within their limits; what they write to standard error, and why they failed, is logged. Thread-safe. */
final class WasmRunner implements GuestRunner {
    /** What a call loses at most when the interpreter, 50 to 500 times slower, is not done by then. */
    private static final long ATTEMPT_MILLIS = 100;

    private static final long WARM_UP_MILLIS = 5_000;

    private static final Ways NO_WAYS = new Ways(LargeAnswer.NONE, Optional.empty());

    private final Environments environments;
    private final FunctionLogs logs;
    private final Outside outside;
    private final NextFiles files;
    private final RunCaps caps;
    private final ExecutorMetrics metrics;
    private final Semaphore attempts = new Semaphore(Runtime.getRuntime().availableProcessors());

    /** What runs reach beyond the executor. */
    record Outside(RegionConfig region, OutboundClient calls, EventPublisher events) {}

    WasmRunner(
            Environments environments,
            FunctionLogs logs,
            Outside outside,
            NextFiles files,
            RunCaps caps,
            ExecutorMetrics metrics) {
        this.environments = environments;
        this.logs = logs;
        this.outside = outside;
        this.files = files;
        this.caps = caps;
        this.metrics = metrics;
    }

    @Override
    public Reply.Outcome run(
            LoadedFunction function, Manifest manifest, Invocation invocation, long limitMillis, Ways ways) {
        var log = logs.of(manifest, invocation.id());
        var limits = limits(manifest, limitMillis, ways.large());
        var outcome = outcome(function, manifest, invocation, limits, log, ways);
        if (outcome instanceof Reply.Failure failure) {
            logs.add(manifest, invocation.id(), LogLevel.ERROR, failure.message());
        }
        return outcome;
    }

    @Override
    public Optional<Reply.Answer> attempt(
            LoadedFunction interpreted, Manifest manifest, Invocation invocation, long limitMillis) {
        if (!attempts.tryAcquire()) {
            return Optional.empty();
        }
        try {
            var log = new HeldLog(logs.of(manifest, invocation.id()));
            var limits = limits(manifest, Math.min(limitMillis, ATTEMPT_MILLIS), LargeAnswer.NONE);
            if (outcome(interpreted, manifest, invocation, limits, log, NO_WAYS) instanceof Reply.Answer answer) {
                log.release();
                return Optional.of(answer);
            }
            return Optional.empty();
        } finally {
            attempts.release();
        }
    }

    @Override
    public Reply.Outcome rerun(
            LoadedFunction function, Manifest manifest, Invocation invocation, OutboundCalls calls, Ways ways) {
        try {
            var request = request(manifest, invocation.http(), invocation.body(), invocation.id(), false);
            var limits = limits(manifest, manifest.limits().timeoutMillis(), ways.large());
            var events = events(
                    manifest,
                    RunName.of(outside.region().name(), manifest.name(), invocation),
                    ways.events().orElseThrow());
            return function.run(request, limits, GuestLog.NONE, calls, ways.large(), events);
        } catch (Environments.Closed e) {
            return e.failure();
        }
    }

    @Override
    public boolean warmUp(LoadedFunction function, Manifest manifest) {
        var nothing = new Invocation.HttpHead("GET", "/", "", List.of());
        var id = InvocationIds.next();
        try {
            return function.warmUp(
                    request(manifest, nothing, new byte[0], id),
                    limits(manifest, WARM_UP_MILLIS, LargeAnswer.NONE),
                    logs.of(manifest, id),
                    manifest.scaling().min());
        } catch (Environments.Closed e) {
            return false;
        }
    }

    private GuestRequest request(Manifest manifest, Invocation.HttpHead http, byte[] body, String id)
            throws Environments.Closed {
        return request(manifest, http, body, id, manifest.reuse());
    }

    /** @param reuse whether other runs may have the same instance */
    private GuestRequest request(Manifest manifest, Invocation.HttpHead http, byte[] body, String id, boolean reuse)
            throws Environments.Closed {
        return new GuestRequest(
                http,
                body,
                environments.of(manifest),
                manifest.name(),
                manifest.version(),
                id,
                reuse,
                files.of(manifest));
    }

    /** What has no way for a large answer says so in the limit that its failure names. */
    private RunLimits limits(Manifest manifest, long limitMillis, LargeAnswer large) {
        var bounded = caps.bound(manifest.limits());
        var limits = RunLimits.of(bounded, Math.min(bounded.timeoutMillis(), limitMillis));
        return large.equals(LargeAnswer.NONE) ? limits.answeringAtMost(Reply.MAX_BYTES) : limits;
    }

    private Reply.Outcome outcome(
            LoadedFunction function,
            Manifest manifest,
            Invocation invocation,
            RunLimits limits,
            GuestLog log,
            Ways ways) {
        try {
            var request = request(manifest, invocation.http(), invocation.body(), invocation.id());
            var name = RunName.of(outside.region().name(), manifest.name(), invocation);
            var calls = new TimedCalls(
                    () -> outside.calls()
                            .calls(
                                    OutboundPolicy.of(manifest.outbound()),
                                    limits.outboundCalls(),
                                    OutboundClient.ANSWER_BYTES,
                                    Cause.of(name.region(), name.function(), name.text(), name.traceparent())),
                    metrics);
            var events = events(manifest, name, ways.events().orElse(outside.events()));
            return function.run(request, limits, log, calls, ways.large(), events);
        } catch (Environments.Closed e) {
            return e.failure();
        }
    }

    private RunEvents events(Manifest manifest, RunName name, EventPublisher publisher) {
        return new RunEvents(
                manifest.outbound().events(), name, outside.region().plan()::isReserved, publisher);
    }
}
