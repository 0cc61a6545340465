package dev.photon.executor;

import dev.photon.executor.replay.Runs;
import dev.photon.executor.wasm.LoadedFunction;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Pieces;
import dev.photon.protocol.Reply;
import dev.photon.registry.Manifest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs versions for one replay: compiled as for calls, which come first where something has to be compiled, and with
 * readers of bodies of its own, so that no call's body waits behind those of the replay. Thread-safe.
 */
final class ReplayRuns implements Runs, AutoCloseable {
    private static final Duration LOADING = Duration.ofSeconds(60);
    private static final Duration READING = Duration.ofSeconds(30);

    private final Replays.Tools tools;
    private final KafkaConnection kafka;
    private final String bodies;
    private final String id;
    /** Opened for the first: most replays have none. */
    private Optional<LargeRequests> requests = Optional.empty();

    ReplayRuns(KafkaConnection kafka, String bodies, String id, Replays.Tools tools) {
        this.kafka = kafka;
        this.bodies = bodies;
        this.id = id;
        this.tools = tools;
    }

    @Override
    public Reply.Outcome run(Manifest manifest, Invocation invocation, Ways ways) throws InterruptedException {
        var function = loaded(manifest);
        return function.isPresent()
                ? tools.guests()
                        .rerun(
                                function.get(),
                                manifest,
                                invocation,
                                ways.calls(),
                                new GuestRunner.Ways(ways.large(), Optional.of(ways.events()::accept)))
                : new Reply.Failure(ErrorKind.UNAVAILABLE, "version " + manifest.version() + " could not be loaded");
    }

    private Optional<LoadedFunction> loaded(Manifest manifest) throws InterruptedException {
        var there = tools.functions().loaded(manifest);
        if (there.isPresent()) {
            return there;
        }
        try {
            return Optional.of(
                    tools.functions().load(manifest).compiled().get(LOADING.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<byte[]> body(Invocation invocation, Pieces place) throws InterruptedException {
        try (var body = requests().fetch(invocation, place, READING.toMillis()).get()) {
            return Optional.of(body.bytes());
        } catch (ExecutionException e) {
            return Optional.empty();
        }
    }

    private synchronized LargeRequests requests() {
        if (requests.isEmpty()) {
            requests = Optional.of(new LargeRequests(kafka, bodies, "replay-" + id, Executor.heldBytes()));
        }
        return requests.get();
    }

    @Override
    public synchronized void close() {
        requests.ifPresent(LargeRequests::close);
    }
}
