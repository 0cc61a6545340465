package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.kafka.KafkaMessageFactory;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmissionTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String FROM = EventCodec.from("eu", "shop");

    private static Emission event(Header... fields) {
        return new Emission("orders", List.of(fields), "data".getBytes(UTF_8));
    }

    private static Optional<String> flaw(String name, String value) {
        return event(new Header(name, value)).flaw();
    }

    @Test
    void isReadByTheSdkAsItWasMeant() {
        var event = event(
                new Header("ce-type", "order.placed"),
                new Header("ce-subject", "grüße"),
                new Header("ce-time", "2026-01-31T12:00:00.5+01:00"),
                new Header("ce-dataschema", "https://shop.example/order"),
                new Header("ce-priority", "high"),
                new Header("content-type", "application/json"),
                new Header("kafka-key", "k1"));

        var record = EmissionCodec.encode(event, FROM, "i1", 3, Optional.of(TRACE));

        assertThat(event.flaw()).isEmpty();
        var read = KafkaMessageFactory.createReader(record.headers(), record.value())
                .toEvent();
        assertThat(read.getId()).isEqualTo("i1.3");
        assertThat(read.getSource()).hasToString("/regions/eu/fn/shop");
        assertThat(read.getType()).isEqualTo("order.placed");
        assertThat(read.getSubject()).isEqualTo("grüße");
        assertThat(read.getTime()).isEqualTo("2026-01-31T12:00:00.5+01:00");
        assertThat(read.getDataSchema()).hasToString("https://shop.example/order");
        assertThat(read.getExtension("priority")).isEqualTo("high");
        assertThat(read.getExtension("photoninvocation")).isEqualTo("i1");
        assertThat(read.getExtension("traceparent")).isEqualTo(TRACE);
        assertThat(read.getDataContentType()).isEqualTo("application/json");
        assertThat(record.key()).asString(UTF_8).isEqualTo("k1");
        assertThat(record.topic()).isEqualTo("orders");
    }

    @Test
    void needsNothingButATopic() {
        var record = EmissionCodec.encode(event(), FROM, "i1", 0, Optional.empty());

        var read = KafkaMessageFactory.createReader(record.headers(), record.value())
                .toEvent();
        assertThat(read.getType()).isEqualTo(EmissionCodec.TYPE);
        assertThat(read.getDataContentType()).isNull();
        assertThat(record.key()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ce-id",
                "ce-source",
                "ce-specversion",
                "ce-datacontenttype",
                "ce-traceparent",
                "ce-photoninvocation",
                "ce-photonoutcome",
                "ce-",
                "ce-Type",
                "ce-a_b",
                "ce_type",
                "Content-Type",
                "x-other",
                ""
            })
    void fieldsThatAreNotTheFunctionsAreRefused(String name) {
        assertThat(flaw(name, "x")).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "ce-subject, ''",
        "ce-type, dev.photon.reply",
        "ce-subject, 'a\u0000'",
        "ce-subject, 'a\u0085'",
        "ce-time, yesterday",
        "ce-time, 2026-01-31",
        "ce-dataschema, relative/path",
        "ce-dataschema, 'a b:'"
    })
    void valuesThatNoSdkWouldTakeAreRefused(String name, String value) {
        assertThat(flaw(name, value)).isPresent();
    }

    @Test
    void halfOfACharacterIsRefused() {
        assertThat(flaw("ce-subject", "\ud83d")).isPresent();
        assertThat(flaw("ce-subject", "\ud83d\ude00")).isEmpty();
    }

    @Test
    void fieldsAreFewAndEachIsThereOnce() {
        assertThat(event(new Header("ce-a", "1"), new Header("ce-a", "2")).flaw())
                .isPresent();
        var many = IntStream.rangeClosed(0, Emission.MOST_FIELDS)
                .mapToObj(i -> new Header("ce-a" + i, "1"))
                .toList();
        assertThat(new Emission("orders", many, new byte[0]).flaw()).isPresent();
        assertThat(new Emission("orders", many.subList(1, many.size()), new byte[0]).flaw())
                .isEmpty();
        assertThat(flaw("ce-a", "1".repeat(9_000))).isPresent();
    }

    @Test
    void allOfItCounts() {
        assertThat(event(new Header("ce-a", "ü")).bytes()).isEqualTo(4 + 4 + 2);
    }
}
