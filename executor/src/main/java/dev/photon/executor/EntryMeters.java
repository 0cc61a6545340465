package dev.photon.executor;

import dev.photon.protocol.ErrorKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicInteger;

/** What an executor counts of one entry topic, or of all that have no series of their own. Thread-safe. */
final class EntryMeters {
    private final Counter records;
    private final Counter refused;
    private final Counter forbidden;
    private final AtomicInteger paused = new AtomicInteger();

    EntryMeters(MeterRegistry meters, Tags tags) {
        records = Counter.builder("photon.executor.entry.records")
                .description("Records of an entry topic that were taken, refused ones included")
                .tags(tags)
                .register(meters);
        refused = refused(meters, tags, "malformed");
        forbidden = refused(meters, tags, "forbidden");
        Gauge.builder("photon.executor.entry.paused", paused, AtomicInteger::get)
                .description("Partitions of an entry topic that wait, since it is over its rate or its window is full")
                .tags(tags)
                .register(meters);
    }

    private static Counter refused(MeterRegistry meters, Tags tags, String reason) {
        return Counter.builder("photon.executor.entry.refused")
                .description("Records of an entry topic that were not run, because of what they say or ask for")
                .tags(tags.and("reason", reason))
                .register(meters);
    }

    void took() {
        records.increment();
    }

    void refused(ErrorKind kind) {
        (kind == ErrorKind.FORBIDDEN ? forbidden : refused).increment();
    }

    /** So many partitions more wait. */
    void paused(int more) {
        paused.addAndGet(more);
    }
}
