package dev.photon.protocol;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs the records that a reader skips. Thread-safe. */
public final class Malformed {
    private static final Logger LOG = LoggerFactory.getLogger(Malformed.class);

    private final AtomicLong count = new AtomicLong();

    /**
     * Notes a record, by its place, and why it was skipped; its payload stays out of the log. Of a flood only the
     * first, second, fourth, eighth and so on are logged.
     */
    public void skipped(ConsumerRecord<?, ?> source, String reason) {
        var soFar = count.incrementAndGet();
        if (Long.bitCount(soFar) > 1) {
            return;
        }
        LOG.atWarn()
                .addKeyValue("count", soFar)
                .addKeyValue("topic", source.topic())
                .addKeyValue("partition", source.partition())
                .addKeyValue("offset", source.offset())
                .addKeyValue("reason", reason)
                .log("malformed record skipped");
    }

    public long count() {
        return count.get();
    }
}
