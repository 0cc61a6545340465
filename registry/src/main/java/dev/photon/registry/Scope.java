package dev.photon.registry;

import dev.photon.protocol.Decoded;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a view takes of the logs. */
enum Scope {
    ALL {
        @Override
        boolean includes(byte[] key) {
            return true;
        }

        @Override
        Decoded<Stamped> decode(ConsumerRecord<byte[], byte[]> source) {
            return StateCodec.decode(source);
        }
    },
    /** Of versions, which content they need; and where content lies that came from elsewhere. */
    CONTENTS {
        @Override
        boolean includes(byte[] key) {
            return StateKeys.isAboutContent(key);
        }

        @Override
        Decoded<Stamped> decode(ConsumerRecord<byte[], byte[]> source) {
            return ContentScan.decode(source);
        }
    };

    /**
     * Whether a record is looked into.
     *
     * @param key may be {@code null}
     */
    abstract boolean includes(byte[] key);

    abstract Decoded<Stamped> decode(ConsumerRecord<byte[], byte[]> source);
}
