package dev.photon.executor;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a record led to, as long as it is held back: an output or a dead letter. One of the two is called, once, on the
 * consumer's thread, and must not block.
 *
 * @param acknowledged it is safe, and so is the offset of its record
 * @param tooLarge its topic takes no record that large
 */
record Held(ProducerRecord<byte[], byte[]> message, Runnable acknowledged, Runnable tooLarge) {
    long bytes() {
        return TakenBytes.of(message.key(), message.value(), message.headers());
    }
}
