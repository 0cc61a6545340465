package dev.photon.executor;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.PieceSender;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Takes answers that do not fit one record, or are read while they are written, to {@code photon.bodies}. Its ticker
 * sends what lies around while a function says nothing, and signs of life, so that an ingress knows a slow function from
 * a dead executor. Thread-safe.
 */
final class LargeAnswers implements AutoCloseable {
    private static final long TICK_NANOS = Duration.ofMillis(20).toNanos();

    private final PieceSender sender;
    private final ReplySender replies;
    private final Set<SentAnswer> going = ConcurrentHashMap.newKeySet();
    private final Thread ticker;
    private volatile boolean closed;

    LargeAnswers(KafkaConnection kafka, String topic, String instance, ReplySender replies) {
        this.sender = new PieceSender(kafka, topic, instance);
        this.replies = replies;
        this.ticker = Thread.ofPlatform().daemon().name("answer-ticker").start(this::tick);
    }

    /**
     * The way of one run's answer, should it need one.
     *
     * @param reply makes the reply that says where the answer begins
     * @param giveUpNanos when that is of no more use, on {@link System#nanoTime}'s clock
     */
    SentAnswer open(ReplyTo.Ingress to, Function<Reply.Begun, Reply> reply, long giveUpNanos) {
        return new SentAnswer(this, to, reply, giveUpNanos);
    }

    PieceSender sender() {
        return sender;
    }

    void reply(ReplyTo to, Reply reply, long giveUpNanos, Runnable done) {
        replies.send(to, reply, giveUpNanos, done);
    }

    void begun(SentAnswer answer) {
        going.add(answer);
        LockSupport.unpark(ticker);
    }

    void over(SentAnswer answer) {
        going.remove(answer);
    }

    private void tick() {
        while (!closed) {
            going.forEach(SentAnswer::tick);
            if (going.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, TICK_NANOS);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(ticker);
        sender.close();
    }
}
