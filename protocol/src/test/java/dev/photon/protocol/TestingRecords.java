package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** Records as a consumer would see them, without a broker. */
final class TestingRecords {
    static final String TOPIC = "photon.in.local";
    static final int PARTITION = 3;
    static final long OFFSET = 42;

    private TestingRecords() {}

    static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> sent) {
        return consumed(sent.key(), sent.value(), sent.headers());
    }

    static ConsumerRecord<byte[], byte[]> consumed(byte[] key, byte[] value, Headers headers) {
        return new ConsumerRecord<>(
                TOPIC,
                PARTITION,
                OFFSET,
                0,
                TimestampType.CREATE_TIME,
                key == null ? -1 : key.length,
                value == null ? -1 : value.length,
                key,
                value,
                headers,
                Optional.empty());
    }

    /** A record with these headers: name, value, name, value, … */
    static ConsumerRecord<byte[], byte[]> plain(String value, String... headers) {
        var all = new RecordHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1].getBytes(UTF_8));
        }
        return consumed(null, value.getBytes(UTF_8), all);
    }

    static <T> T valid(Decoded<T> decoded) {
        return switch (decoded) {
            case Decoded.Valid<T> valid -> valid.value();
            case Decoded.Malformed<T> odd -> throw new AssertionError("malformed: " + odd.reason());
        };
    }

    static String reason(Decoded<?> decoded) {
        return switch (decoded) {
            case Decoded.Valid<?> valid -> throw new AssertionError("well-formed: " + valid.value());
            case Decoded.Malformed<?> odd -> odd.reason();
        };
    }

    static Optional<String> header(Headers headers, String name) {
        return Optional.ofNullable(headers.lastHeader(name)).map(header -> new String(header.value(), UTF_8));
    }
}
