package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Says that nobody waits for an invocation any more, as a record of {@code photon.cancellations}. Stateless, thread-safe.
 */
public final class CancellationCodec {
    /** The CloudEvents type of a cancellation. */
    public static final String TYPE = "dev.photon.cancellation";

    private static final byte[] EMPTY = {};

    private CancellationCodec() {}

    /** The record; its key is the invocation's id. */
    public static ProducerRecord<byte[], byte[]> encode(String topic, String invocationId, String source) {
        var headers = new Headers.Writer().event(TYPE, invocationId, source).build();
        return new ProducerRecord<>(topic, 0, null, invocationId.getBytes(UTF_8), EMPTY, headers);
    }

    /** The id of the invocation. */
    public static Decoded<String> decode(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = new Headers.Reader(source);
            headers.requireSchema();
            return headers.require(Headers.ID);
        });
    }
}
