package dev.photon.protocol;

import static dev.photon.protocol.Headers.DEADLINE;
import static dev.photon.protocol.Headers.ID;
import static dev.photon.protocol.Headers.PAYLOAD;
import static dev.photon.protocol.Headers.RESULT_OPEN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Results as records of {@code photon.results}. Stateless, thread-safe. */
public final class ResultCodec {
    /** The CloudEvents type of an asynchronous call that was taken. An answer has that of a reply. */
    public static final String ACCEPTED = "dev.photon.accepted";

    private static final byte[] EMPTY = {};
    private static final int HASH_LENGTH = 64;

    private ResultCodec() {}

    /**
     * The record of a call that was taken; its key is the invocation id, which decides the partition.
     *
     * @param source who takes it, a URI reference
     */
    public static ProducerRecord<byte[], byte[]> encode(String topic, String source, Result.Accepted accepted) {
        var headers = new Headers.Writer()
                .event(ACCEPTED, accepted.id(), source)
                .put(DEADLINE, accepted.deadlineMillis())
                .put(RESULT_OPEN, Boolean.toString(accepted.open()))
                .build();
        return new ProducerRecord<>(topic, null, null, accepted.id().getBytes(UTF_8), EMPTY, headers);
    }

    /** The record of an answer; its key is the invocation id. */
    public static ProducerRecord<byte[], byte[]> encode(String topic, int partition, Result.Answered answered) {
        var encoded = ReplyCodec.encode(topic, partition, answered.reply());
        encoded.headers().add(RESULT_OPEN, Boolean.toString(answered.open()).getBytes(UTF_8));
        return encoded;
    }

    /** The record of an answer to calls with a key, whose hash is the record's key. */
    public static ProducerRecord<byte[], byte[]> encode(String topic, int partition, Result.Kept kept) {
        var encoded = ReplyCodec.encode(topic, partition, kept.reply());
        encoded.headers().add(PAYLOAD, kept.key().payload().toString().getBytes(UTF_8));
        var hash = kept.key().hash().getBytes(UTF_8);
        return new ProducerRecord<>(topic, partition, null, hash, encoded.value(), encoded.headers());
    }

    /** The hash of a key, when the record is an answer to calls with one. */
    public static Optional<String> hash(ConsumerRecord<byte[], byte[]> source) {
        return Optional.ofNullable(source.key())
                .filter(key -> key.length == HASH_LENGTH)
                .map(key -> new String(key, UTF_8))
                .filter(CallKey::isHash);
    }

    public static Decoded<Result> decode(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = new Headers.Reader(source);
            headers.requireSchema();
            if (headers.text(PAYLOAD).isPresent()) {
                return new Result.Kept(
                        InvocationCodec.key(headers, source.key()), ReplyCodec.read(headers, source.value()));
            }
            var open = headers.text(RESULT_OPEN).filter("true"::equals).isPresent();
            return headers.require(Headers.TYPE).equals(ACCEPTED)
                    ? new Result.Accepted(headers.require(ID), open, headers.requireLong(DEADLINE))
                    : new Result.Answered(open, ReplyCodec.read(headers, source.value()));
        });
    }
}
