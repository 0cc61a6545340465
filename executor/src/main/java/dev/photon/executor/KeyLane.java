package dev.photon.executor;

import dev.photon.executor.wasm.GuestThreads;
import dev.photon.protocol.CallKey;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Result;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls with keys of one partition while it is ours. What is here at once is bounded by the partition's window.
 * Thread-safe.
 *
 * <pre>
 * all read that was kept → kept already? ──────────────────────────────────────────────► its answer
 *                           └ one running? → wait for it ──────────────────────────────► its answer
 *                              └ run → keep → read on to there → the first with this key ► its answer
 * </pre>
 *
 * <p>Another executor that does not know yet that it lost the partition may run the same call. Both read what stands in
 * the log before their own answer, and both give the first.
 */
final class KeyLane {
    private static final Logger LOG = LoggerFactory.getLogger(KeyLane.class);

    /** How long calls wait in all until it is read what was kept; those that come later are refused at once. */
    private static final long READING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final String REUSED = "this idempotency key was used for another request";
    private static final String UNKNOWN = "it cannot be seen now if this idempotency key was used before";

    private final Tools tools;
    private final int partition;
    private final CompletableFuture<Void> known;
    private final KeysInUse<Waiting> keys;
    private final long since = System.nanoTime();

    /** The same for all partitions. */
    record Tools(KeptAnswers kept, KeptReader answers, ReplySender replies, GuestThreads threads) {}

    record Waiting(Settlement settlement, Runnable run) {}

    /**
     * @param partition of invocations and results
     * @param known completes when all is known that was kept before this lane was ours
     */
    KeyLane(Tools tools, int partition, CompletableFuture<Void> known) {
        this.tools = tools;
        this.partition = partition;
        this.known = known;
        this.keys = new KeysInUse<>(hash -> tools.kept().find(partition, hash), tools.kept()::isFull);
    }

    int partition() {
        return partition;
    }

    void arrive(Settlement settlement, Runnable run) {
        if (known.isDone() && !known.isCompletedExceptionally()) {
            decide(new Waiting(settlement, run));
        } else {
            inTime(settlement)
                    .whenComplete((read, failure) -> onGuestThread(() -> {
                        if (failure == null) {
                            decide(new Waiting(settlement, run));
                        } else {
                            settlement.fail(ErrorKind.UNAVAILABLE, UNKNOWN);
                        }
                    }));
        }
    }

    /** Nobody waits for longer than its client does, nor holds its place in the window while much is read. */
    private CompletableFuture<Void> inTime(Settlement settlement) {
        var left = TimeUnit.NANOSECONDS.toMillis(READING_NANOS - (System.nanoTime() - since));
        return known.copy().orTimeout(Math.max(0, Math.min(left, settlement.leftMillis())), TimeUnit.MILLISECONDS);
    }

    /** After the end nothing is decided any more: the next owner does. */
    void onGuestThread(Runnable step) {
        try {
            tools.threads().execute(step);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().log("stopping: calls with keys are left to the next owner of their partition");
        }
    }

    private static CallKey key(Settlement settlement) {
        return settlement.invocation().key().orElseThrow();
    }

    void decideSoon(Waiting call) {
        onGuestThread(() -> decide(call));
    }

    private void decide(Waiting call) {
        var settlement = call.settlement();
        if (!settlement.wanted()) {
            return;
        }
        if (settlement.late()) {
            settlement.expire();
            return;
        }
        switch (keys.decide(key(settlement), call)) {
            case KeysInUse.Decision.Run run -> {
                settlement.decidedBy(new FirstCall(this, tools, settlement));
                call.run().run();
            }
            case KeysInUse.Decision.Wait wait -> {}
            case KeysInUse.Decision.Replay replay -> replay(replay.offset(), settlement);
            case KeysInUse.Decision.Refuse refuse -> settlement.fail(ErrorKind.KEY_REUSED, REUSED);
            case KeysInUse.Decision.NoRoom full ->
                settlement.fail(
                        ErrorKind.OVERLOADED, "the function has more idempotency keys in use than there is room for");
            case KeysInUse.Decision.Unread unread -> settlement.fail(ErrorKind.UNAVAILABLE, UNKNOWN);
        }
    }

    /** The key's first call has ended; who waited for it is returned. */
    List<Waiting> end(CallKey key) {
        return keys.end(key.hash());
    }

    /** The key's answer cannot be read in time; who waited for it is returned. */
    List<Waiting> late(CallKey key) {
        return keys.late(key.hash());
    }

    /** Has the call answered as another one was, if it has the same payload. */
    void replay(long offset, Settlement settlement) {
        tools.answers().read(partition, offset, found -> onGuestThread(() -> replay(found, settlement)));
    }

    private static void replay(Optional<Result.Kept> found, Settlement settlement) {
        if (found.isEmpty()) {
            settlement.unanswered(ErrorKind.UNAVAILABLE, "the answer that was kept cannot be read now");
        } else if (found.get().key().equals(key(settlement))) {
            settlement.replay(found.get().reply());
        } else {
            settlement.unanswered(ErrorKind.KEY_REUSED, REUSED);
        }
    }
}
