package dev.photon.executor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What an executor counts of one trigger, or of all that have no series of their own. Thread-safe. */
final class TriggerMeters {
    private final MeterRegistry meters;
    private final Tags tags;
    private final Counter runs;
    private final Counter suspects;
    private final Counter retries;
    private final Counter outputs;
    private final Counter deadLetters;

    TriggerMeters(MeterRegistry meters, Tags tags) {
        this.meters = meters;
        this.tags = tags;
        runs = counter(meters, tags, "photon.executor.trigger.runs", "Runs for records, retries included");
        suspects = counter(
                meters,
                tags,
                "photon.executor.trigger.suspects",
                "Runs, one at a time, for records that may have run before");
        retries = counter(meters, tags, "photon.executor.trigger.retries", "Runs that failed and are repeated");
        outputs = counter(meters, tags, "photon.executor.trigger.outputs", "Events that were published for answers");
        deadLetters = counter(meters, tags, "photon.executor.trigger.dead.letters", "Records that were given up");
    }

    private static Counter counter(MeterRegistry meters, Tags tags, String name, String description) {
        return Counter.builder(name).description(description).tags(tags).register(meters);
    }

    void ran(boolean suspect) {
        runs.increment();
        if (suspect) {
            suspects.increment();
        }
    }

    void retried() {
        retries.increment();
    }

    void published() {
        outputs.increment();
    }

    void gaveUp() {
        deadLetters.increment();
    }

    /** Few triggers have transactions, so that there is no series before the first. */
    void ended(TransactionOutcome outcome, long nanos) {
        Timer.builder("photon.executor.trigger.transactions")
                .description("Transactions, from the first output to the end of the commit")
                .tags(tags.and("outcome", outcome.name().toLowerCase(Locale.ROOT)))
                .register(meters)
                .record(nanos, TimeUnit.NANOSECONDS);
    }
}
