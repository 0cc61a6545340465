package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.DeadLetter.Failure;
import dev.photon.protocol.DeadLetter.Kept;
import dev.photon.protocol.DeadLetter.Original;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Dead letters as records: those of {@code photon.dead-letters} and {@code photon.redrives} under their id, those of a
 * topic of the user's under the original key. Stateless, thread-safe.
 *
 * <pre>
 *   headers:  the original's, as they are | photon-dead-letter | what we know
 *                                           the last of that name: originals may have one, too
 * </pre>
 *
 * A record without a value would delete a key from a compacted topic, so an original without one becomes an empty one,
 * and a header says so.
 */
public final class DeadLetterCodec {
    /** Where our headers begin. Its value is the version of their schema. */
    static final String MARK = "photon-dead-letter";

    private static final String SCHEMA = "1";
    private static final String FUNCTION = "photon-function";
    private static final String VERSION = "photon-version";
    private static final String TOPIC = "photon-topic";
    private static final String PARTITION = "photon-partition";
    private static final String OFFSET = "photon-offset";
    private static final String TIMESTAMP = "photon-timestamp";
    private static final String ATTEMPTS = "photon-attempts";
    private static final String ERROR = "photon-error";
    private static final String MESSAGE = "photon-message";
    private static final String FAILED_AT = "photon-failed-at";
    private static final String KEY = "photon-key";
    private static final String VALUE = "photon-value";
    private static final String LEFT_OUT = "photon-left-out";

    private static final String NO_VALUE = "none";
    private static final String VALUE_LEFT_OUT = "value";
    private static final String ALL_LEFT_OUT = "all";
    private static final byte[] EMPTY = {};

    /** At most what one header takes beside its name and value: two lengths. */
    private static final int HEADER_OVERHEAD = 10;

    private DeadLetterCodec() {}

    /** The record for {@code photon.dead-letters} or {@code photon.redrives}. What does not fit is left out. */
    public static ProducerRecord<byte[], byte[]> encode(String topic, DeadLetter letter) {
        return fitting(letter, fitted -> {
            var headers = headers(fitted);
            fitted.original().key().ifPresent(key -> headers.add(KEY, key));
            return record(topic, fitted, key(fitted.id()), headers);
        });
    }

    /** The record for a topic of the user's. What does not fit is left out. */
    public static ProducerRecord<byte[], byte[]> encodeForUser(String topic, DeadLetter letter) {
        return fitting(
                letter, fitted -> record(topic, fitted, fitted.original().key().orElse(null), headers(fitted)));
    }

    /** The record that takes a dead letter off {@code photon.dead-letters}. */
    public static ProducerRecord<byte[], byte[]> tombstone(String topic, DeadLetter.Id id) {
        return new ProducerRecord<>(topic, key(id), null);
    }

    /**
     * Reads a record of {@code photon.dead-letters} or {@code photon.redrives} that is no tombstone: one without a value
     * is malformed.
     */
    public static Decoded<DeadLetter> decode(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = source.headers().toArray();
            var mark = mark(headers);
            var ours = Arrays.asList(headers).subList(mark + 1, headers.length);
            var id = id(new Headers.Reader(ours));
            if (!Arrays.equals(source.key(), key(id))) {
                throw new MalformedRecord("key and headers are not of one thing");
            }
            return letter(id, source.value(), headers, mark, last(ours, KEY));
        });
    }

    /** Reads a record that was made for a topic of the user's. */
    public static Decoded<DeadLetter> decodeForUser(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = source.headers().toArray();
            var mark = mark(headers);
            var id = id(new Headers.Reader(Arrays.asList(headers).subList(mark + 1, headers.length)));
            return letter(id, source.value(), headers, mark, Optional.ofNullable(source.key()));
        });
    }

    private interface Encoding {
        ProducerRecord<byte[], byte[]> of(DeadLetter letter);
    }

    private static ProducerRecord<byte[], byte[]> fitting(DeadLetter letter, Encoding encoding) {
        var whole = encoding.of(letter);
        if (fits(whole)) {
            return whole;
        }
        var withoutValue = encoding.of(with(letter, letter.original().withoutValue()));
        return fits(withoutValue) ? withoutValue : encoding.of(with(letter, Original.nothing()));
    }

    private static DeadLetter with(DeadLetter letter, Original original) {
        return new DeadLetter(letter.id(), letter.timestamp(), original, letter.failure());
    }

    private static boolean fits(ProducerRecord<byte[], byte[]> record) {
        var size = length(record.key()) + length(record.value());
        for (var header : record.headers()) {
            size += HEADER_OVERHEAD + header.key().getBytes(UTF_8).length + length(header.value());
        }
        return size <= KafkaConnection.RECORD_BYTES;
    }

    private static long length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static ProducerRecord<byte[], byte[]> record(
            String topic, DeadLetter letter, byte[] key, RecordHeaders headers) {
        var value = letter.original().value().orElse(EMPTY);
        return new ProducerRecord<>(topic, null, letter.failure().failedAt(), key, value, headers);
    }

    private static RecordHeaders headers(DeadLetter letter) {
        var original = letter.original();
        var headers = new RecordHeaders(original.headers());
        var id = letter.id();
        put(headers, MARK, SCHEMA);
        put(headers, FUNCTION, id.function());
        put(headers, TOPIC, id.topic());
        put(headers, PARTITION, Integer.toString(id.partition()));
        put(headers, OFFSET, Long.toString(id.offset()));
        put(headers, TIMESTAMP, Long.toString(letter.timestamp()));
        var failure = letter.failure();
        failure.version().ifPresent(version -> put(headers, VERSION, version));
        put(headers, ATTEMPTS, Integer.toString(failure.attempts()));
        put(headers, ERROR, failure.kind().code());
        put(headers, MESSAGE, failure.message());
        put(headers, FAILED_AT, Long.toString(failure.failedAt()));
        switch (original.kept()) {
            case ALL -> {
                if (original.value().isEmpty()) {
                    put(headers, VALUE, NO_VALUE);
                }
            }
            case WITHOUT_VALUE -> put(headers, LEFT_OUT, VALUE_LEFT_OUT);
            case NOTHING -> put(headers, LEFT_OUT, ALL_LEFT_OUT);
        }
        return headers;
    }

    private static void put(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }

    private static byte[] key(DeadLetter.Id id) {
        return id.toString().getBytes(UTF_8);
    }

    private static int mark(org.apache.kafka.common.header.Header[] headers) throws MalformedRecord {
        for (int i = headers.length - 1; i >= 0; i--) {
            if (headers[i].key().equals(MARK)) {
                if (!Arrays.equals(headers[i].value(), SCHEMA.getBytes(UTF_8))) {
                    throw new MalformedRecord("schema version is not 1, the only one this build reads");
                }
                return i;
            }
        }
        throw new MalformedRecord("header " + MARK + " is missing");
    }

    private static DeadLetter.Id id(Headers.Reader ours) throws MalformedRecord {
        try {
            return new DeadLetter.Id(
                    ours.require(FUNCTION),
                    ours.require(TOPIC),
                    Math.toIntExact(ours.requireLong(PARTITION)),
                    ours.requireLong(OFFSET));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedRecord("the place of the original record is none");
        }
    }

    private static DeadLetter letter(
            DeadLetter.Id id,
            byte[] value,
            org.apache.kafka.common.header.Header[] headers,
            int mark,
            Optional<byte[]> key)
            throws MalformedRecord {
        if (value == null) {
            throw new MalformedRecord("there is no value");
        }
        var all = Arrays.asList(headers);
        var ours = new Headers.Reader(all.subList(mark + 1, headers.length));
        var original = original(ours, key, all.subList(0, mark), value);
        return new DeadLetter(id, ours.requireLong(TIMESTAMP), original, failure(ours));
    }

    private static Original original(
            Headers.Reader ours,
            Optional<byte[]> key,
            List<org.apache.kafka.common.header.Header> headers,
            byte[] value)
            throws MalformedRecord {
        var leftOut = ours.text(LEFT_OUT);
        if (leftOut.isPresent()) {
            return switch (leftOut.get()) {
                case VALUE_LEFT_OUT -> new Original(key, headers, Optional.empty(), Kept.WITHOUT_VALUE);
                case ALL_LEFT_OUT -> Original.nothing();
                default -> throw new MalformedRecord("header " + LEFT_OUT + " says nothing that we know");
            };
        }
        var kept = ours.text(VALUE).isPresent() ? Optional.<byte[]>empty() : Optional.of(value);
        return new Original(key, headers, kept, Kept.ALL);
    }

    private static Failure failure(Headers.Reader ours) throws MalformedRecord {
        try {
            return new Failure(
                    ours.nonEmpty(VERSION),
                    Math.toIntExact(ours.requireLong(ATTEMPTS)),
                    // A newer build may know more kinds.
                    ErrorKind.ofCode(ours.require(ERROR)).orElse(ErrorKind.INTERNAL),
                    ours.text(MESSAGE).orElse(""),
                    ours.requireLong(FAILED_AT));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedRecord("what is said about the failure is impossible");
        }
    }

    private static Optional<byte[]> last(List<org.apache.kafka.common.header.Header> headers, String name) {
        return headers.reversed().stream()
                .filter(header -> header.key().equals(name))
                .findFirst()
                .map(org.apache.kafka.common.header.Header::value);
    }
}
