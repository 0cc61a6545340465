package dev.photon.executor;

import dev.photon.protocol.DeadLetter;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.EventCodec;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.OutputCodec;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One record of a trigger, through all of its attempts. For one thread after the other.
 *
 * <pre>
 * accepted → its key's turn → permit → attempt → outcome ─ done ────────────► output acknowledged ──┐
 *                ▲                                 ├ failed, function away ► wait ┐                 ├► finished
 *                └─────────────────────────────────┼──────────────────────────────┘                 │
 *                                                  └ hopeless, or too often ► dead letter ack. ─────┘
 * </pre>
 *
 * Where outputs and dead letters are held back, they are acknowledged together with the record's offset, and the next of
 * its key has its turn before that.
 *
 * What an outcome leads to is decided in {@link #decide}, and carried out in {@link #conclude}.
 */
final class TriggeredRecord implements Intake.Work, Outlet {
    private static final Logger LOG = LoggerFactory.getLogger(TriggeredRecord.class);

    private final TriggerRunner trigger;
    private final ConsumerRecord<byte[], byte[]> source;
    private final TriggerIntake.Taken taken;
    /** What became of it when it was tried before, if it is a dead letter. */
    private final Optional<DeadLetter> before;

    /** That have come to a run. */
    private int attempts;

    /** In a row, that have not. */
    private int notRun;

    /** Whether others of its key may have to wait for it. */
    private boolean inLine = true;

    private Optional<RunPermits.Permit> permit = Optional.empty();
    private Optional<String> traceparent = Optional.empty();

    TriggeredRecord(
            TriggerRunner trigger,
            ConsumerRecord<byte[], byte[]> source,
            TriggerIntake.Taken taken,
            Optional<DeadLetter> before) {
        this.trigger = trigger;
        this.source = source;
        this.taken = taken;
        this.before = before;
        this.attempts = taken.attempts();
    }

    void start() {
        trigger.enterLine(source, this::enter);
    }

    private void enter() {
        var threads = trigger.parts().tools().guestThreads();
        trigger.permit()
                .thenAccept(permitted -> threads.execute(() -> {
                    permit = Optional.of(permitted);
                    guarded(this::begin);
                }));
    }

    /** After a fault of ours the record waits, as if the function was away; what has begun is not forgotten. */
    private void guarded(Runnable step) {
        guarded(step, this::waitsUnrun);
    }

    private void guarded(Runnable step, Runnable otherwise) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("function", trigger.function())
                    .addKeyValue("topic", source.topic())
                    .addKeyValue("partition", source.partition())
                    .addKeyValue("offset", source.offset())
                    .log("a trigger's record met a fault of ours");
            release();
            otherwise.run();
        }
    }

    /** Off the threads of the producer and of the timer, which must not wait for a topic. */
    private void aside(Runnable step) {
        Thread.startVirtualThread(() -> guarded(step));
    }

    private void waitsUnrun() {
        notRun++;
        taken.waits(attempts);
        trigger.later(notRun, this::again);
    }

    private void again() {
        taken.again(this::enter);
    }

    private void begin() {
        var room = taken.holding().map(TriggerIntake.Holding::room).filter(free -> !free.isDone());
        if (room.isPresent()) {
            release();
            room.get().thenRun(this::enter);
        } else if (!taken.begin()) {
            refused();
        } else if (taken.redelivered() && attempts > trigger.rule().onError().retries()) {
            giveUp(
                    ErrorKind.EXECUTOR_DIED,
                    "the executor died in each attempt, so the function was not run again",
                    Optional.empty(),
                    this::finished);
        } else {
            attempt();
        }
    }

    private void refused() {
        if (taken.hasNextOwner()) {
            left();
        } else {
            giveUp(
                    ErrorKind.UNAVAILABLE,
                    "its trigger was paused, changed or moved before the next attempt",
                    Optional.empty(),
                    this::finished);
        }
    }

    private void attempt() {
        switch (EventCodec.decode(
                source, trigger.function(), new EventCodec.Run(allAttempts() + 1, taken.redelivered()))) {
            case Decoded.Malformed<Invocation> odd ->
                giveUp(ErrorKind.BAD_REQUEST, odd.reason(), Optional.empty(), this::finished);
            case Decoded.Valid<Invocation> valid -> run(valid.value());
        }
    }

    private void run(Invocation invocation) {
        traceparent = invocation.traceparent();
        trigger.meters().ran(taken.redelivered());
        var parts = trigger.parts();
        var settlement = new Settlement(parts.tools(), this, parts.executor(), invocation, this, System.nanoTime());
        new Attempt(parts.tools(), this, settlement).start();
    }

    @Override
    public boolean wanted() {
        return taken.wanted();
    }

    @Override
    public boolean mayRunTwice() {
        return false;
    }

    @Override
    public void send(ReplyTo to, Reply reply, long giveUpNanos, Runnable done) {
        release();
        if (taken.wanted()) {
            guarded(() -> decide(reply, done), () -> guarded(() -> fault(reply.version(), done)));
        } else {
            left();
        }
    }

    /** It has run, so this counts: what fails us each time becomes a dead letter. */
    private void fault(Optional<String> version, Runnable done) {
        attempts = Math.max(1, attempts);
        failed(ErrorKind.INTERNAL, "the executor failed", version, done);
    }

    private void release() {
        permit.ifPresent(RunPermits.Permit::close);
        permit = Optional.empty();
    }

    private void decide(Reply reply, Runnable done) {
        switch (Ruling.of(reply.outcome())) {
            case Ruling.Done success -> {
                attempts++;
                publish(success.answer(), reply.version(), done);
            }
            case Ruling.Hopeless refused -> {
                attempts++;
                giveUp(refused.kind(), refused.message(), reply.version(), done);
            }
            case Ruling.Failed failure -> {
                attempts++;
                failed(failure.kind(), failure.message(), reply.version(), done);
            }
            case Ruling.NotRun reason -> waitsUnrun();
        }
    }

    private void publish(Reply.Answer answer, Optional<String> version, Runnable done) {
        var output = trigger.rule().output().filter(topic -> answer.body().length > 0);
        if (output.isEmpty()) {
            takeOff(done);
            return;
        }
        conclude(
                OutputCodec.encode(output.get(), source, from(), answer, traceparent),
                () -> {
                    trigger.meters().published();
                    takeOff(done);
                },
                () -> tooLarge(version, done));
    }

    private String from() {
        return EventCodec.from(trigger.parts().region(), trigger.function());
    }

    /** What was held back is not run again: others of its key have run since. */
    private void tooLarge(Optional<String> version, Runnable done) {
        var message = "the answer does not fit the output topic";
        if (inLine) {
            failed(ErrorKind.ANSWER_TOO_LARGE, message, version, done);
        } else {
            giveUp(ErrorKind.ANSWER_TOO_LARGE, message, version, done);
        }
    }

    private void failed(ErrorKind kind, String message, Optional<String> version, Runnable done) {
        notRun = 0;
        if (attempts > trigger.rule().onError().retries()) {
            giveUp(kind, message, version, done);
            return;
        }
        trigger.meters().retried();
        taken.waits(attempts);
        trigger.later(attempts, this::again);
    }

    private void giveUp(ErrorKind kind, String message, Optional<String> version, Runnable done) {
        release();
        var failure = new DeadLetter.Failure(version, allAttempts(), kind, message, System.currentTimeMillis());
        bury(DeadLetter.of(trigger.function(), source, failure), done);
    }

    private void bury(DeadLetter letter, Runnable done) {
        conclude(
                trigger.deadLetter(letter),
                () -> {
                    trigger.gaveUp(letter);
                    buried(done);
                },
                () -> buryLess(letter, done));
    }

    /** If it was a dead letter, the new one has taken its place, unless it lies elsewhere. */
    private void buried(Runnable done) {
        if (trigger.keepsDeadLetters()) {
            done.run();
        } else {
            takeOff(done);
        }
    }

    /** If it was a dead letter, it is none any more: what came of it is safe. */
    private void takeOff(Runnable done) {
        if (before.isEmpty()) {
            done.run();
        } else {
            aside(() -> conclude(trigger.tombstone(before.get()), done, done));
        }
    }

    /** With those before it became a dead letter. */
    private int allAttempts() {
        return before.map(letter -> letter.failure().attempts()).orElse(0) + attempts;
    }

    /** The topic may have a smaller limit than ours. */
    private void buryLess(DeadLetter letter, Runnable done) {
        var smaller = letter.less();
        if (smaller.isPresent()) {
            bury(smaller.get(), done);
        } else {
            // Not even its place fits: the topic takes nothing until its limit is changed.
            trigger.later(++notRun, () -> aside(() -> bury(letter, done)));
        }
    }

    /** Nothing of a record is safe before what it led to is. */
    private void conclude(ProducerRecord<byte[], byte[]> message, Runnable acknowledged, Runnable tooLarge) {
        taken.holding()
                .ifPresentOrElse(
                        holding -> hold(holding, new Held(message, acknowledged, () -> aside(tooLarge))),
                        () -> send(message, acknowledged, tooLarge));
    }

    private void hold(TriggerIntake.Holding holding, Held output) {
        release();
        var first = inLine;
        inLine = false;
        holding.hold(output);
        if (first) {
            trigger.leaveLine(source);
        }
    }

    private void send(ProducerRecord<byte[], byte[]> message, Runnable acknowledged, Runnable tooLarge) {
        trigger.parts().sender().send(message, new TriggerSender.Ending() {
            @Override
            public boolean wanted() {
                return taken.wanted();
            }

            @Override
            public void acknowledged() {
                acknowledged.run();
            }

            @Override
            public void tooLarge() {
                aside(tooLarge);
            }

            @Override
            public void left() {
                TriggeredRecord.this.left();
            }
        });
    }

    @Override
    public void finished() {
        release();
        taken.finished();
        leaveLine();
    }

    @Override
    public void left() {
        release();
        leaveLine();
    }

    private void leaveLine() {
        if (inLine) {
            inLine = false;
            trigger.leaveLine(source);
        }
    }
}
