package dev.photon.replicator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class PrintsTest {
    private static final byte[] KEY = "alias/f/live".getBytes(UTF_8);

    @Test
    void whatIsReadAsItWasWrittenHasTheSamePrint() {
        var headers = headers("stamp", "1");

        assertThat(Prints.of(read(5, "v", headers("stamp", "1"))))
                .isEqualTo(Prints.of(new ProducerRecord<>("t", null, 5L, KEY, bytes("v"), headers)));
    }

    @Test
    void anotherValueHeaderOrTimeHasAnother() {
        var print = Prints.of(read(5, "v", headers("stamp", "1")));

        assertThat(Prints.of(read(5, "w", headers("stamp", "1")))).isNotEqualTo(print);
        assertThat(Prints.of(read(5, "v", headers("stamp", "2")))).isNotEqualTo(print);
        assertThat(Prints.of(read(5, "v", headers("stamp1", "")))).isNotEqualTo(print);
        assertThat(Prints.of(read(5, "v", headers("stamp", null)))).isNotEqualTo(print);
        assertThat(Prints.of(read(6, "v", headers("stamp", "1")))).isNotEqualTo(print);
    }

    private static ConsumerRecord<byte[], byte[]> read(long timestamp, String value, Headers headers) {
        return new ConsumerRecord<>(
                "t", 0, 9, timestamp, TimestampType.CREATE_TIME, 0, 0, KEY, bytes(value), headers, Optional.empty());
    }

    private static Headers headers(String name, String value) {
        return new RecordHeaders().add(name, value == null ? null : bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
