package dev.photon.executor;

import dev.photon.executor.replay.Runs;
import dev.photon.executor.wasm.LoadedFunction;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Pieces;
import dev.photon.protocol.Reply;
import dev.photon.registry.Manifest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;

/**
 * Runs versions for one replay: compiled as for calls, which come first where something has to be compiled. Its records
 * count as those of a trigger do; large bodies have readers and a budget that all replays share, so that no call's body
 * waits behind theirs. Thread-safe.
 */
final class ReplayRuns implements Runs, AutoCloseable {
    private static final Duration LOADING = Duration.ofSeconds(60);
    /** Of a body, with the time until there is room for it. */
    private static final Duration READING = Duration.ofMinutes(10);

    private final Replays.Tools tools;
    private final Supplier<LargeRequests> requests;
    private final TakenBytes.Share taken;

    ReplayRuns(Replays.Tools tools, Supplier<LargeRequests> requests) {
        this.tools = tools;
        this.requests = requests;
        this.taken = tools.bytes().share();
    }

    @Override
    public long hold(ConsumerRecord<byte[], byte[]> source, long more) {
        var bytes = TakenBytes.of(source) + more;
        taken.add(bytes);
        return bytes;
    }

    @Override
    public void release(long bytes) {
        taken.add(-bytes);
    }

    @Override
    public boolean isFull() {
        return taken.isTooMuch();
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
    public Optional<Body> body(Invocation invocation, Pieces place) throws InterruptedException, Unread {
        var asked = requests.get().fetch(invocation, place, READING.toMillis());
        try {
            var body = asked.get();
            return Optional.of(new Body(body.bytes(), body::close));
        } catch (InterruptedException e) {
            if (!asked.cancel(true)) {
                asked.thenAccept(LargeRequests.Body::close);
            }
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LargeRequests.Missing || e.getCause() instanceof InvalidOffsetException) {
                return Optional.empty();
            }
            throw new Unread();
        }
    }

    @Override
    public void close() {
        taken.close();
    }
}
