package dev.photon.executor;

import dev.photon.protocol.CallKey;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import dev.photon.protocol.Result;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The call that runs for all with its key.
 *
 * <pre>
 * not run ──────────────────────────────────────────► those that wait begin anew
 * run, and ours is the fault, or it cannot be stored ► all fail, and nothing is kept
 * run → stored → read in time ───────────────────────► all get the first answer in the log
 *                 └ not in time: all fail ───────────► once it is read, it is replayed
 * </pre>
 */
final class FirstCall implements Settlement.Turnout {
    /** Until what was kept a moment ago is read. */
    private static final long READING_SECONDS = 30;

    private static final String UNREAD = "the answer that was kept cannot be read now";
    private static final String LOST =
            "the answer to the first call with this key could not be kept; the function may run again";

    private final KeyLane lane;
    private final KeyLane.Tools tools;
    private final Settlement settlement;
    private final CallKey key;
    private final AtomicBoolean answered = new AtomicBoolean();

    FirstCall(KeyLane lane, KeyLane.Tools tools, Settlement settlement) {
        this.lane = lane;
        this.tools = tools;
        this.settlement = settlement;
        this.key = settlement.invocation().key().orElseThrow();
    }

    @Override
    public void ended(Reply reply, boolean ran) {
        switch (reply.outcome()) {
            case Reply.Failure failure -> {
                if (ran && isOfFunction(failure)) {
                    keep(reply);
                } else {
                    settlement.send(reply);
                    failed(failure, ran);
                }
            }
            case Reply.Answer answer -> keep(reply);
            case Reply.Begun begun -> throw new IllegalStateException("answers to calls with keys are whole");
        }
    }

    /** Whether the function had its turn: then its failure is the outcome of the key. */
    private static boolean isOfFunction(Reply.Failure failure) {
        return switch (failure.kind()) {
            case FUNCTION_FAILED, ANSWER_TOO_LARGE, TIMEOUT -> true;
            default -> false;
        };
    }

    /** What may have run does not run for each of those that wait. */
    private void failed(Reply.Failure failure, boolean ran) {
        if (ran || failure.kind() == ErrorKind.INTERNAL) {
            lane.end(key).forEach(waiting -> waiting.settlement().unanswered(failure.kind(), failure.message()));
        } else {
            abandoned();
        }
    }

    @Override
    public void abandoned() {
        lane.end(key).forEach(lane::decideSoon);
    }

    private void keep(Reply reply) {
        var kept = new Result.Kept(key, reply);
        tools.replies().keep(lane.partition(), kept, settlement.giveUpNanos(), new ReplySender.Receipt() {
            @Override
            public void stored(long offset) {
                await(reply, offset);
            }

            @Override
            public void lost() {
                lane.onGuestThread(FirstCall.this::lost);
            }
        });
    }

    private void await(Reply reply, long offset) {
        var read = tools.kept().read(lane.partition(), offset);
        read.copy().orTimeout(READING_SECONDS, TimeUnit.SECONDS).whenComplete((done, late) -> {
            if (late != null) {
                lane.onGuestThread(this::late);
            }
        });
        read.thenRun(() -> lane.onGuestThread(() -> read(reply, offset)));
    }

    /** Another owner of the partition may have been before us. */
    private void read(Reply ours, long offset) {
        var first = tools.kept().first(lane.partition(), key.hash());
        if (first.isEmpty()) {
            fail(UNREAD);
            lane.end(key).forEach(waiting -> refuse(waiting.settlement(), UNREAD));
        } else if (first.get() == offset) {
            if (answered.compareAndSet(false, true)) {
                settlement.send(ours);
            }
            lane.end(key).forEach(waiting -> waiting.settlement().replay(ours));
        } else {
            if (answered.compareAndSet(false, true)) {
                lane.replay(first.get(), settlement);
            }
            lane.end(key).forEach(lane::decideSoon);
        }
    }

    private void late() {
        fail(UNREAD);
        lane.late(key).forEach(waiting -> refuse(waiting.settlement(), UNREAD));
    }

    private void lost() {
        fail(LOST);
        lane.end(key).forEach(waiting -> refuse(waiting.settlement(), LOST));
    }

    private void fail(String message) {
        if (answered.compareAndSet(false, true)) {
            refuse(settlement, message);
        }
    }

    /** The next owner of the partition may give the answer that was kept. */
    private static void refuse(Settlement call, String message) {
        if (call.wanted()) {
            call.unanswered(ErrorKind.UNAVAILABLE, message);
        }
    }
}
