package dev.photon.executor;

import dev.photon.protocol.DeadLetter;
import dev.photon.protocol.DeadLetterCodec;
import dev.photon.registry.Trigger;
import dev.photon.registry.TriggerRule;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the function of one trigger for the records of its topic. Thread-safe; nothing holds a thread while it waits for
 * its key, its turn or its next attempt.
 */
final class TriggerRunner implements TriggerIntake {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerRunner.class);

    /** What the records of all triggers are run with. */
    record Parts(
            InvocationRunner.Tools tools,
            String region,
            String executor,
            TriggerSender sender,
            ScheduledExecutorService timer,
            String deadLetters) {}

    private final Parts parts;
    private final Trigger trigger;
    private final TriggerMeters meters;
    private final RunPermits permits;
    private final KeyLines lines = new KeyLines();
    private final Backoff backoff;
    private final AtomicLong givenUp = new AtomicLong();

    TriggerRunner(Parts parts, Trigger trigger, TriggerMeters meters) {
        this.parts = parts;
        this.trigger = trigger;
        this.meters = meters;
        this.permits = new RunPermits(trigger.rule().concurrency());
        this.backoff = new Backoff(trigger.rule().onError().backoffMillis());
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> source, Taken taken) {
        new TriggeredRecord(this, source, taken, Optional.empty()).start();
    }

    /** Runs the function again for the record of a whole dead letter. */
    void acceptAgain(DeadLetter before, Taken taken) {
        new TriggeredRecord(this, before.source(), taken, Optional.of(before)).start();
    }

    @Override
    public boolean isFree(ConsumerRecord<byte[], byte[]> source) {
        return !ordered() || lines.isFree(source);
    }

    private boolean ordered() {
        return trigger.rule().ordering() == TriggerRule.Ordering.KEY;
    }

    void enterLine(ConsumerRecord<byte[], byte[]> source, Runnable task) {
        if (ordered()) {
            lines.enter(source, task);
        } else {
            task.run();
        }
    }

    void leaveLine(ConsumerRecord<byte[], byte[]> source) {
        if (ordered()) {
            lines.leave(source);
        }
    }

    CompletableFuture<RunPermits.Permit> permit() {
        return permits.enter(function(), trigger.rule().concurrency());
    }

    String function() {
        return trigger.position().function();
    }

    TriggerRule rule() {
        return trigger.rule();
    }

    Parts parts() {
        return parts;
    }

    TriggerMeters meters() {
        return meters;
    }

    /** @param failures so far, at least 1 */
    void later(int failures, Runnable task) {
        TriggerTimer.after(parts.timer(), backoff.millis(failures, RandomGenerator.getDefault()), task);
    }

    /** The dead letter of a record, for the topic that the rule says. */
    ProducerRecord<byte[], byte[]> deadLetter(DeadLetter letter) {
        return rule().onError()
                .deadLetter()
                .map(topic -> DeadLetterCodec.encodeForUser(topic, letter))
                .orElseGet(() -> DeadLetterCodec.encode(parts.deadLetters(), letter));
    }

    /** Whether what is given up goes where its dead letter was before. */
    boolean keepsDeadLetters() {
        return rule().onError().deadLetter().isEmpty();
    }

    /** Takes a dead letter off. */
    ProducerRecord<byte[], byte[]> tombstone(DeadLetter letter) {
        return DeadLetterCodec.tombstone(parts.deadLetters(), letter.id());
    }

    /** Of a flood only the first, second, fourth, eighth and so on are logged. */
    void gaveUp(DeadLetter letter) {
        meters.gaveUp();
        var soFar = givenUp.incrementAndGet();
        if (Long.bitCount(soFar) == 1) {
            LOG.atWarn()
                    .addKeyValue("record", letter.id())
                    .addKeyValue("attempts", letter.failure().attempts())
                    .addKeyValue("kind", letter.failure().kind().code())
                    .addKeyValue("reason", letter.failure().message())
                    .addKeyValue("count", soFar)
                    .log("record became a dead letter");
        }
    }
}
