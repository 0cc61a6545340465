package dev.photon.protocol;

import static dev.photon.protocol.TestingRecords.consumed;
import static dev.photon.protocol.TestingRecords.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

class LogCodecTest {
    @Property
    void aLineIsReadAsItWasWritten(@ForAll("lines") LogLine line) {
        var sent = LogCodec.encode("photon.logs", line);
        var read = valid(LogCodec.decode(consumed(sent)));

        assertThat(sent.timestamp()).isEqualTo(line.timestamp());
        assertThat(read).usingRecursiveComparison().ignoringFields("timestamp").isEqualTo(line);
    }

    @Property
    void decodingGarbageNeverThrows(@ForAll("garbage") ConsumerRecord<byte[], byte[]> garbage) {
        assertThat(LogCodec.decode(garbage)).isNotNull();
    }

    @Property
    void aFunctionsPartitionIsTheOneThatKafkaWouldTake(@ForAll String function) {
        assertThat(LogCodec.partition(function, 7))
                .isEqualTo(BuiltInPartitioner.partitionForKey(function.getBytes(UTF_8), 7));
    }

    @Provide
    Arbitrary<LogLine> lines() {
        var word = Arbitraries.strings().ofMinLength(1).ofMaxLength(20);
        return Combinators.combine(
                        word,
                        Arbitraries.longs().greaterOrEqual(0),
                        word,
                        word,
                        word,
                        Arbitraries.of(LogLevel.class),
                        word,
                        Combinators.combine(word, Arbitraries.strings()).as(List::of))
                .as((id, time, execution, function, version, level, region, rest) -> new LogLine(
                        id, time, execution, function, version, level, region, rest.getFirst(), rest.getLast()));
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> garbage() {
        return Generated.garbage();
    }
}
