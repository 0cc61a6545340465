package dev.photon.executor;

import dev.photon.protocol.DeadLetter;
import dev.photon.protocol.DeadLetterCodec;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.Malformed;
import dev.photon.registry.FunctionView;
import dev.photon.registry.Trigger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the records of dead letters to their trigger's function again, and to no other. One whose trigger is gone is left
 * out: its dead letter stays where it is. Thread-safe.
 */
final class RedriveIntake implements TriggerIntake {
    private static final Logger LOG = LoggerFactory.getLogger(RedriveIntake.class);

    private final FunctionView view;
    private final Function<Trigger, TriggerRunner> opening;
    private final Malformed malformed;
    /** As many as triggers have had dead letters that were tried again. */
    private final Map<Key, TriggerRunner> runners = new HashMap<>();

    private record Key(String function, String topic) {}

    /** @param opening makes what runs a trigger's records */
    RedriveIntake(FunctionView view, Function<Trigger, TriggerRunner> opening, Malformed malformed) {
        this.view = view;
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
