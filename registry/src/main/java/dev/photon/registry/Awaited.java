package dev.photon.registry;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.common.KafkaException;

/** What comes of something that was asked of Kafka. */
final class Awaited {
    private Awaited() {}

    /**
     * Waits for it.
     *
     * @throws KafkaException why there is none
     */
    static <T> T of(Future<T> asked) throws InterruptedException {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    /** Waits until it is known, or known not to be. */
    static void settled(Future<?> asked) throws InterruptedException {
        try {
            asked.get();
        } catch (ExecutionException e) {
            // Told of where the answer is used.
        }
    }
}
