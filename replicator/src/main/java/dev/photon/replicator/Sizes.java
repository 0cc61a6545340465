package dev.photon.replicator;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** How many bytes a record's key and value have. */
final class Sizes {
    private Sizes() {}

    static long of(ConsumerRecord<byte[], byte[]> source) {
        return of(source.key(), source.value());
    }

    static long of(ProducerRecord<byte[], byte[]> written) {
        return of(written.key(), written.value());
    }

    private static long of(byte[] key, byte[] value) {
        return (key == null ? 0L : key.length) + (value == null ? 0L : value.length);
    }
}
