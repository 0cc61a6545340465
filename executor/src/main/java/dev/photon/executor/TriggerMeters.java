package dev.photon.executor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/** What an executor counts of one trigger, or of all that have no series of their own. Thread-safe. */
final class TriggerMeters {
    private final Counter runs;
    private final Counter suspects;
    private final Counter retries;
    private final Counter outputs;
    private final Counter deadLetters;

    TriggerMeters(MeterRegistry meters, Tags tags) {
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
}
