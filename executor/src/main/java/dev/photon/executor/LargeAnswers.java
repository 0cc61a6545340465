package dev.photon.executor;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Piece;
import dev.photon.protocol.PieceSender;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Takes answers that do not fit one record to {@code photon.bodies}. While a function says nothing, a sign of life is
 * written for it, so that an ingress knows a slow function from a dead executor. Thread-safe.
 */
final class LargeAnswers implements AutoCloseable {
    private static final long LOOK_MILLIS = 1_000;
    private static final long SILENT_NANOS = Duration.ofSeconds(5).toNanos();

    private final PieceSender sender;
    private final ReplySender replies;
    private final Set<SentAnswer> going = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService signs = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("answer-signs").factory());

    LargeAnswers(KafkaConnection kafka, String topic, String instance, ReplySender replies) {
        this.sender = new PieceSender(kafka, topic, instance);
        this.replies = replies;
        signs.scheduleWithFixedDelay(this::showLife, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
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
    }

    void over(SentAnswer answer) {
        going.remove(answer);
    }

    private void showLife() {
        var now = System.nanoTime();
        for (var answer : going) {
            if (answer.silentSince(now) > SILENT_NANOS) {
                answer.send(new Piece.Alive(answer.body()), SentAnswer.UNHEARD);
            }
        }
    }

    @Override
    public void close() {
        signs.shutdownNow();
        sender.close();
    }
}
