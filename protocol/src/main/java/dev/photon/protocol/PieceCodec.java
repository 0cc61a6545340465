package dev.photon.protocol;

import static dev.photon.protocol.Headers.BODY_SIZE;
import static dev.photon.protocol.Headers.ERROR;
import static dev.photon.protocol.Headers.MESSAGE;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Pieces of bodies as records of {@code photon.bodies}. Stateless, thread-safe. */
public final class PieceCodec {
    private static final byte[] EMPTY = {};
    private static final String ALIVE = "/alive";

    private PieceCodec() {}

    public static ProducerRecord<byte[], byte[]> encode(String topic, int partition, Piece piece) {
        return switch (piece) {
            case Piece.Part part ->
                new ProducerRecord<>(topic, partition, key(part.body() + "/" + part.index()), part.bytes());
            case Piece.End end -> {
                var headers = new Headers.Writer().put(BODY_SIZE, end.size());
                end.failure()
                        .ifPresent(failure ->
                                headers.put(ERROR, failure.kind().code()).put(MESSAGE, failure.message()));
                yield new ProducerRecord<>(
                        topic, partition, null, key(end.body() + "/" + end.index()), EMPTY, headers.build());
            }
            case Piece.Alive alive -> new ProducerRecord<>(topic, partition, key(alive.body() + ALIVE), EMPTY);
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
            var body = key.substring(0, slash);
            if (key.startsWith(ALIVE, slash)) {
                return new Piece.Alive(body);
            }
            var index = index(key, slash + 1);
            return source.value() == null || source.value().length == 0
                    ? end(body, index, new Headers.Reader(source))
                    : new Piece.Part(body, index, source.value());
        });
    }

    private static Piece.End end(String body, int index, Headers.Reader headers) throws MalformedRecord {
        var failure = headers.text(ERROR).map(code -> {
            var kind = ErrorKind.ofCode(code).orElse(ErrorKind.INTERNAL);
            return new Reply.Failure(kind, headers.text(MESSAGE).orElse(kind.title()));
        });
        return new Piece.End(body, index, headers.requireLong(BODY_SIZE), failure);
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
