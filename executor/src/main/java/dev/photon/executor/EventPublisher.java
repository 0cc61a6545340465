package dev.photon.executor;

import dev.photon.executor.wasm.Unpublished;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Where the events of runs go that have ended well. Thread-safe. */
public interface EventPublisher {

    /**
     * Takes the events of one run, and returns once nothing can be lost of them any more.
     *
     * @throws Unpublished when that cannot be; some of them may be published nonetheless
     */
    void publish(List<ProducerRecord<byte[], byte[]>> events) throws InterruptedException;
}
