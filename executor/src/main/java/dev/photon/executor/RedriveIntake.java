package dev.photon.executor;

import dev.photon.protocol.DeadLetter;
import dev.photon.protocol.DeadLetterCodec;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.Malformed;
import dev.photon.registry.FunctionView;
import dev.photon.registry.Resolution;
import dev.photon.registry.Trigger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the records of dead letters to their trigger's function again, and to no other. One whose version is on its way
 * from another region waits for it. One whose trigger is gone is left out: its dead letter stays where it is. Thread-safe.
 */
final class RedriveIntake implements TriggerIntake {
    private static final Logger LOG = LoggerFactory.getLogger(RedriveIntake.class);

    /** After which a version that does not come is looked for again: it may be gone. */
    private static final long WAIT_SECONDS = 10;

    private final FunctionView view;
    private final Predicate<Trigger> allowed;
    private final Function<Trigger, TriggerRunner> opening;
    private final Malformed malformed;
    /** As many as triggers have had dead letters that were tried again. */
    private final Map<Key, TriggerRunner> runners = new HashMap<>();

    private record Key(String function, String topic) {}

    /**
     * @param allowed whether a trigger may run in this region
     * @param opening makes what runs a trigger's records
     */
    RedriveIntake(
            FunctionView view,
            Predicate<Trigger> allowed,
            Function<Trigger, TriggerRunner> opening,
            Malformed malformed) {
        this.view = view;
        this.allowed = allowed;
        this.opening = opening;
        this.malformed = malformed;
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> source, Taken taken) {
        switch (DeadLetterCodec.decode(source)) {
            case Decoded.Malformed<DeadLetter> odd -> {
                malformed.skipped(source, odd.reason());
                leaveOut(taken);
            }
            case Decoded.Valid<DeadLetter> valid -> accept(valid.value(), taken);
        }
    }

    private void accept(DeadLetter letter, Taken taken) {
        if (latest(letter) instanceof Resolution.NotHere elsewhere && elsewhere.coming()) {
            view.awaitContent(elsewhere.manifest())
                    .orTimeout(WAIT_SECONDS, TimeUnit.SECONDS)
                    .whenCompleteAsync((there, late) -> acceptLater(letter, taken), Thread::startVirtualThread);
            return;
        }
        var runner = runner(letter).filter(found -> letter.isWhole());
        if (runner.isPresent()) {
            runner.get().acceptAgain(letter, taken);
        } else {
            LOG.atWarn()
                    .addKeyValue("record", letter.id())
                    .log("a dead letter is not tried again: it has no trigger any more");
            leaveOut(taken);
        }
    }

    private Resolution latest(DeadLetter letter) {
        return view.resolve(letter.id().function(), Optional.empty(), letter.id()::toString);
    }

    private void acceptLater(DeadLetter letter, Taken taken) {
        if (taken.wanted()) {
            accept(letter, taken);
        }
    }

    private static void leaveOut(Taken taken) {
        if (taken.begin()) {
            taken.finished();
        }
    }

    /** The trigger as it is now: it may have been changed so that the record succeeds. */
    private Optional<TriggerRunner> runner(DeadLetter letter) {
        var key = new Key(letter.id().function(), letter.id().topic());
        var trigger = view.triggers().stream()
                .filter(there -> there.position().function().equals(key.function())
                        && there.position().topic().equals(key.topic()))
                .filter(allowed)
                .findFirst();
        synchronized (runners) {
            if (trigger.isEmpty()) {
                runners.remove(key);
                return Optional.empty();
            }
            return Optional.of(runners.compute(
                    key,
                    (same, known) ->
                            known != null && known.rule().equals(trigger.get().rule())
                                    ? known
                                    : opening.apply(trigger.get())));
        }
    }

    @Override
    public boolean isFree(ConsumerRecord<byte[], byte[]> source) {
        return switch (DeadLetterCodec.decode(source)) {
            case Decoded.Malformed<DeadLetter> odd -> true;
            case Decoded.Valid<DeadLetter> valid -> isFree(valid.value());
        };
    }

    private boolean isFree(DeadLetter letter) {
        return !letter.isWhole()
                || runner(letter).map(runner -> runner.isFree(letter.source())).orElse(true);
    }
}
