package dev.photon.protocol;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator that Kafka does not let us in, or denies us a right: in one line, that comes again after a minute if
 * it is still so. Thread-safe.
 */
public final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final KafkaConnection kafka;
    private String told = "";
    private long toldAt;

    public Refusals(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /** Whether this failure is a refusal; if so, it is told. */
    public boolean tell(Throwable failure) {
        var refusal = kafka.refusal(failure);
        refusal.ifPresent(this::tellOnce);
        return refusal.isPresent();
    }

    private synchronized void tellOnce(String reason) {
        var now = System.nanoTime();
        if (!reason.equals(told) || now - toldAt > AGAIN_NANOS) {
            told = reason;
            toldAt = now;
            LOG.atError().addKeyValue("reason", reason).log("refused by Kafka, tried again");
        }
    }
}
