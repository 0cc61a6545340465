package dev.photon.ingress;

import dev.photon.protocol.Invocation;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Result;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An asynchronous call on its way to the log. It is noted where its answer will be before it can be run, so that the
 * answer comes behind the note. Confined to its event loop.
 *
 * <pre>
 * note → acknowledged: partition, offset → invocation → acknowledged → accepted
 * </pre>
 */
final class LaterCall {
    private final InvocationSender sender;
    private final String pool;
    private final boolean open;
    private final ReplyTo.Ingress taker;
    private final Context context = Vertx.currentContext();

    /**
     * @param open whether everybody may read the answer who knows where it is
     * @param taker who is told when the call has ended
     */
    LaterCall(InvocationSender sender, String pool, boolean open, ReplyTo.Ingress taker) {
        this.sender = sender;
        this.pool = pool;
        this.open = open;
        this.taker = taker;
    }

    /** One of the two is called, once, on the event loop. */
    void send(Invocation invocation, Consumer<ResultPlace> accepted, Runnable failed) {
        var deadline = invocation.deadline().orElseThrow();
        sender.note(
                new Result.Accepted(invocation.id(), open, deadline.epochMillis()),
                new OnLoop(
                        (partition, offset) -> sendNoted(
                                invocation,
                                new ResultPlace(partition, offset, invocation.id(), open),
                                accepted,
                                failed),
                        failed));
    }

    private void sendNoted(Invocation invocation, ResultPlace place, Consumer<ResultPlace> accepted, Runnable failed) {
        sender.send(
                invocation.answeredTo(new ReplyTo.Results(place.partition(), open, Optional.of(taker))),
                pool,
                new OnLoop((partition, offset) -> accepted.accept(place), failed));
    }

    private interface Stored {
        void at(int partition, long offset);
    }

    private final class OnLoop implements InvocationSender.Receipt {
        private final Stored stored;
        private final Runnable failed;

        private OnLoop(Stored stored, Runnable failed) {
            this.stored = stored;
            this.failed = failed;
        }

        @Override
        public void stored(int partition, long offset) {
            context.runOnContext(ignored -> stored.at(partition, offset));
        }

        @Override
        public void failed() {
            context.runOnContext(ignored -> failed.run());
        }
    }
}
