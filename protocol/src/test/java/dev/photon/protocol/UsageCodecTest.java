package dev.photon.protocol;

import static dev.photon.protocol.TestingRecords.consumed;
import static dev.photon.protocol.TestingRecords.reason;
import static dev.photon.protocol.TestingRecords.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class UsageCodecTest {
    private static final UsageRecord USAGE = new UsageRecord("i", 2, "hello", new UsageTotals(3, 1, 5, 7));

    @Property
    void whatAProcessCountedIsReadTheSame(@ForAll("usage") UsageRecord usage) {
        assertThat(valid(UsageCodec.decode(consumed(UsageCodec.encode("t", usage)))))
                .isEqualTo(usage);
    }

    @Property(tries = 5000)
    void decodingGarbageNeverThrows(@ForAll("garbage") ConsumerRecord<byte[], byte[]> garbage) {
        assertThat(UsageCodec.decode(garbage)).isNotNull();
    }

    @Property
    void decodingADamagedRecordNeverThrows(@ForAll("damaged") ConsumerRecord<byte[], byte[]> damaged) {
        assertThat(UsageCodec.decode(damaged)).isNotNull();
    }

    @Test
    void theKeySaysWhoWhenAndWhatAndTheValueIsNoDeletion() {
        var sent = UsageCodec.encode("t", USAGE);

        assertThat(sent.key()).asString(UTF_8).isEqualTo("i/2/hello");
        assertThat(sent.value()).isEmpty();
        assertThat(sent.timestamp()).isEqualTo(120_000);
    }

    @Test
    void aKeyOfAnotherThingIsMalformed() {
        var sent = UsageCodec.encode("t", USAGE);

        assertThat(reason(UsageCodec.decode(consumed("i/3/hello".getBytes(UTF_8), sent.value(), sent.headers()))))
                .isEqualTo("key and headers are not of one thing");
        assertThat(reason(UsageCodec.decode(consumed(null, sent.value(), sent.headers()))))
                .isEqualTo("key and headers are not of one thing");
    }

    @Test
    void countsAreNotNegative() {
        var sent = UsageCodec.encode("t", new UsageRecord("i", 2, "hello", new UsageTotals(3, -1, 5, 7)));

        assertThat(reason(UsageCodec.decode(consumed(sent)))).isEqualTo("header ce_photonerrors is negative");
    }

    @Provide
    Arbitrary<UsageRecord> usage() {
        var count = Arbitraries.longs().greaterOrEqual(0);
        var minute = Arbitraries.longs().between(0, 1L << 40);
        var totals = Combinators.combine(count, count, count, count).as(UsageTotals::new);
        return Combinators.combine(Generated.someText(), minute, Generated.someText(), totals)
                .as(UsageRecord::new);
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> garbage() {
        return Generated.garbage();
    }

    @Provide
    Arbitrary<ConsumerRecord<byte[], byte[]>> damaged() {
        return Generated.damaged(usage().map(usage -> consumed(UsageCodec.encode("t", usage))));
    }
}
