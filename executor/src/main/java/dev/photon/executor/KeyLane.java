package dev.photon.executor;

import dev.photon.executor.wasm.GuestThreads;
import dev.photon.protocol.CallKey;
import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import dev.photon.protocol.Result;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 *                                 └ not run, or ours is the fault: those that wait begin anew
 * </pre>
 *
 * <p>Another executor that does not know yet that it lost the partition may run the same call. Both read what stands in
 * the log before their own answer, and both give the first.
 */
final class KeyLane {
    private static final Logger LOG = LoggerFactory.getLogger(KeyLane.class);

    /** Until what was kept a moment ago is read. */
    private static final long READING_SECONDS = 30;

    private static final String REUSED = "this idempotency key was used for another request";

    private final Tools tools;
    private final int partition;
    private final CompletableFuture<Void> known;
    /** By the hash of their key. */
    private final Map<String, Running> running = new HashMap<>();

    /** The same for all partitions. */
    record Tools(KeptAnswers kept, KeptReader answers, ReplySender replies, GuestThreads threads) {}

    private record Waiting(Settlement settlement, Runnable run) {}

    private record Running(Digest payload, Deque<Waiting> waiting) {}

    /** What to do with a call. */
    private sealed interface Decision {
        record Run() implements Decision {}

        record Wait() implements Decision {}

        record Replay(long offset) implements Decision {}

        record Refuse() implements Decision {}

        record NoRoom() implements Decision {}
    }

    /**
     * @param partition of invocations and results
     * @param known completes when all is known that was kept before this lane was ours
     */
    KeyLane(Tools tools, int partition, CompletableFuture<Void> known) {
        this.tools = tools;
        this.partition = partition;
        this.known = known;
    }

    void arrive(Settlement settlement, Runnable run) {
        if (known.isDone() && !known.isCompletedExceptionally()) {
            decide(new Waiting(settlement, run));
        } else {
            inTime(known, settlement)
                    .whenComplete((read, failure) -> onGuestThread(() -> {
                        if (failure == null) {
                            decide(new Waiting(settlement, run));
                        } else {
                            settlement.fail(ErrorKind.UNAVAILABLE, "it cannot be seen now if this key was used before");
                        }
                    }));
        }
    }

    /** Nobody waits for longer than its client does. */
    private static CompletableFuture<Void> inTime(CompletableFuture<Void> step, Settlement settlement) {
        return step.copy().orTimeout(Math.max(1, settlement.leftMillis()), TimeUnit.MILLISECONDS);
    }

    /** After the end nothing is decided any more: the next owner does. */
    private void onGuestThread(Runnable step) {
        try {
            tools.threads().execute(step);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().log("stopping: calls with keys are left to the next owner of their partition");
        }
    }

    private static CallKey key(Settlement settlement) {
        return settlement.invocation().key().orElseThrow();
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
        switch (decision(call)) {
            case Decision.Run run -> run(call);
            case Decision.Wait wait -> {}
            case Decision.Replay replay -> replay(replay.offset(), settlement);
            case Decision.Refuse refuse -> settlement.fail(ErrorKind.KEY_REUSED, REUSED);
            case Decision.NoRoom full ->
                settlement.fail(ErrorKind.OVERLOADED, "more idempotency keys are in use than there is room for");
        }
    }

    private synchronized Decision decision(Waiting call) {
        var key = key(call.settlement());
        var kept = tools.kept().find(partition, key.hash());
        if (kept.isPresent()) {
            return new Decision.Replay(kept.get());
        }
        var first = running.get(key.hash());
        if (first == null && tools.kept().isFull()) {
            return new Decision.NoRoom();
        }
        if (first == null) {
            running.put(key.hash(), new Running(key.payload(), new ArrayDeque<>()));
            return new Decision.Run();
        }
        if (!first.payload().equals(key.payload())) {
            return new Decision.Refuse();
        }
        first.waiting().add(call);
        return new Decision.Wait();
    }

    private void run(Waiting call) {
        call.settlement().decidedBy(new First(call.settlement()));
        call.run().run();
    }

    /** Whether the function had its turn: then the outcome is that of the key, good or bad. */
    private static boolean isKept(Reply.Outcome outcome) {
        return switch (outcome) {
            case Reply.Answer answer -> true;
            case Reply.Begun begun -> false;
            case Reply.Failure failure ->
                switch (failure.kind()) {
                    case FUNCTION_FAILED, ANSWER_TOO_LARGE, TIMEOUT -> true;
                    default -> false;
                };
        };
    }

    /** The call that runs for all with its key. */
    private final class First implements Settlement.Turnout {
        private final Settlement settlement;
        private final String hash;

        First(Settlement settlement) {
            this.settlement = settlement;
            this.hash = key(settlement).hash();
        }

        @Override
        public void ended(Reply reply, boolean ran) {
            if (!ran || !isKept(reply.outcome())) {
                settlement.send(reply);
                decideAnew();
                return;
            }
            var kept = new Result.Kept(key(settlement), reply);
            tools.replies().keep(partition, kept, settlement.giveUpNanos(), new ReplySender.Receipt() {
                @Override
                public void stored(long offset) {
                    tools.kept()
                            .read(partition, offset)
                            .orTimeout(READING_SECONDS, TimeUnit.SECONDS)
                            .whenComplete((read, failure) -> onGuestThread(() -> {
                                if (failure == null) {
                                    answerFirst(reply, offset);
                                } else {
                                    unread();
                                }
                            }));
                }

                @Override
                public void lost() {
                    onGuestThread(() -> unread());
                }
            });
        }

        @Override
        public void abandoned() {
            decideAnew();
        }

        /** Another owner of the partition may have been before us. */
        private void answerFirst(Reply ours, long offset) {
            var first = tools.kept().first(partition, hash);
            if (first.isEmpty()) {
                unread();
            } else if (first.get() == offset) {
                settlement.send(ours);
                all().forEach(waiting -> waiting.settlement().replay(ours));
            } else {
                replay(first.get(), settlement);
                decideAnew();
            }
        }

        private void unread() {
            // The next owner of the partition may give the answer that was kept.
            if (settlement.wanted()) {
                settlement.unanswered(
                        ErrorKind.UNAVAILABLE, "the answer could not be kept; the function may run again");
            }
            decideAnew();
        }

        private Iterable<Waiting> all() {
            synchronized (KeyLane.this) {
                return Optional.ofNullable(running.remove(hash))
                        .<Iterable<Waiting>>map(Running::waiting)
                        .orElseGet(List::of);
            }
        }

        private void decideAnew() {
            all().forEach(waiting -> onGuestThread(() -> decide(waiting)));
        }
    }

    /** Has the call answered as another one was, if it has the same payload. */
    private void replay(long offset, Settlement settlement) {
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
