package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Says that nobody waits for an invocation any more, or that somebody still waits for a replay, as a record of
 * {@code photon.cancellations}. Stateless, thread-safe.
 */
public final class CancellationCodec {
    /** The CloudEvents type of a cancellation. */
    public static final String TYPE = "dev.photon.cancellation";

    /** The CloudEvents type of a sign that a replay's report is still read. */
    public static final String AWAITED_TYPE = "dev.photon.awaited";

    private static final byte[] EMPTY = {};

    private CancellationCodec() {}

    /**
     * What is said.
     *
     * @param id of the invocation or the replay
     * @param awaited whether somebody waits for it; otherwise nobody does any more
     */
    public record Word(String id, boolean awaited) {}

    /** The record of a cancellation; its key is the invocation's id. */
    public static ProducerRecord<byte[], byte[]> encode(String topic, String invocationId, String source) {
        return encode(topic, TYPE, invocationId, source);
    }

    /** The record that says that a replay's report is still read. */
    public static ProducerRecord<byte[], byte[]> encodeAwaited(String topic, String replayId, String source) {
        return encode(topic, AWAITED_TYPE, replayId, source);
    }

    private static ProducerRecord<byte[], byte[]> encode(String topic, String type, String id, String source) {
        var headers = new Headers.Writer().event(type, id, source).build();
        return new ProducerRecord<>(topic, 0, null, id.getBytes(UTF_8), EMPTY, headers);
    }

    /** Reads a record; of another type than the second, it is a cancellation. */
    public static Decoded<Word> decode(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = new Headers.Reader(source);
            headers.requireSchema();
            var awaited =
                    headers.text(Headers.TYPE).filter(AWAITED_TYPE::equals).isPresent();
            return new Word(headers.require(Headers.ID), awaited);
        });
    }
}
