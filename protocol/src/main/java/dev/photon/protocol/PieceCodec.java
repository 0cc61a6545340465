package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Pieces of bodies as records of {@code photon.bodies}. Stateless, thread-safe. */
public final class PieceCodec {
    private static final byte[] EMPTY = {};

    private PieceCodec() {}

    public static ProducerRecord<byte[], byte[]> encode(String topic, int partition, Piece piece) {
        return switch (piece) {
            case Piece.Part part ->
                new ProducerRecord<>(topic, partition, key(part.body() + "/" + part.index()), part.bytes());
        };
    }

    private static byte[] key(String text) {
        return text.getBytes(UTF_8);
    }

    public static Decoded<Piece> decode(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var key = new String(source.key() == null ? EMPTY : source.key(), UTF_8);
            var slash = key.lastIndexOf('/');
            if (slash < 1) {
                throw new MalformedRecord("the key names no piece of a body");
            }
            if (source.value() == null || source.value().length == 0) {
                throw new MalformedRecord("a piece of a body is empty");
            }
            return new Piece.Part(key.substring(0, slash), index(key, slash + 1), source.value());
        });
    }

    private static int index(String key, int from) throws MalformedRecord {
        try {
            var index = Integer.parseInt(key, from, key.length(), 10);
            if (index >= 0) {
                return index;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new MalformedRecord("the key does not end with a piece's number");
    }
}
