package dev.photon.protocol;

import static dev.photon.protocol.TestingRecords.consumed;
import static dev.photon.protocol.TestingRecords.plain;
import static dev.photon.protocol.TestingRecords.reason;
import static dev.photon.protocol.TestingRecords.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
    private static final EventCodec.Run FIRST = new EventCodec.Run(1, false);
    private static final String STRUCTURED = "application/cloudevents+json; charset=utf-8";
    private static final String REQUIRED = "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"";

    private static Invocation event(ConsumerRecord<byte[], byte[]> source) {
        return valid(EventCodec.decode(source, "shop", FIRST));
    }

    private static Optional<String> field(Invocation invocation, String name) {
        return invocation.http().headers().stream()
                .filter(field -> field.name().equals(name))
                .map(Header::value)
                .reduce((first, second) -> first + ", " + second);
    }

    private static Invocation structured(String members) {
        return event(plain("{" + REQUIRED + members + "}", "content-type", STRUCTURED));
    }

    private static String body(Invocation invocation) {
        return new String(invocation.body(), UTF_8);
    }

    @Test
    void aPlainRecordIsAPostThatTellsItsPlace() {
        var source = consumed("k1".getBytes(UTF_8), "hello".getBytes(UTF_8), new RecordHeaders());

        var invocation = event(source);

        assertThat(invocation.id()).isEqualTo("photon.in.local-3-42");
        assertThat(invocation.target()).isEqualTo(new Target.Named("shop", Optional.empty()));
        assertThat(invocation.deadline()).isEmpty();
        assertThat(invocation.http().method()).isEqualTo("POST");
        assertThat(invocation.http().path()).isEqualTo("/");
        assertThat(body(invocation)).isEqualTo("hello");
        assertThat(invocation.http().headers())
                .containsExactlyInAnyOrder(
                        new Header("kafka-topic", "photon.in.local"),
                        new Header("kafka-partition", "3"),
                        new Header("kafka-offset", "42"),
                        new Header("kafka-timestamp", "0"),
                        new Header("kafka-key", "k1"),
                        new Header("photon-attempt", "1"));
    }

    @Test
    void aKeyThatIsNoHeaderValueIsToldInBase64() {
        var key = new byte[] {0, 1, (byte) 0xFF};

        var invocation = event(consumed(key, new byte[0], new RecordHeaders()));

        assertThat(field(invocation, "kafka-key")).isEmpty();
        assertThat(field(invocation, "kafka-key-base64"))
                .contains(Base64.getEncoder().encodeToString(key));
    }

    @Test
    void aTombstoneHasAnEmptyBodyAndSaysSo() {
        var invocation = event(consumed("k".getBytes(UTF_8), null, new RecordHeaders()));

        assertThat(invocation.body()).isEmpty();
        assertThat(field(invocation, "kafka-tombstone")).contains("true");
    }

    @Test
    void aRunAfterTheFirstSaysSo() {
        var invocation = valid(EventCodec.decode(plain("x"), "shop", new EventCodec.Run(3, true)));

        assertThat(field(invocation, "photon-attempt")).contains("3");
        assertThat(field(invocation, "photon-redelivered")).contains("possible");
    }

    @Test
    void otherHeadersComeUnderAPrefixSoThatNobodySpeaksForUs() {
        var invocation = event(plain(
                "x", "photon-attempt", "9", "kafka-offset", "0", "Tenant", "a", "bad name", "b", "odd", "line\nbreak"));

        assertThat(field(invocation, "photon-attempt")).contains("1");
        assertThat(field(invocation, "kafka-offset")).contains("42");
        assertThat(field(invocation, "kafka-header-photon-attempt")).contains("9");
        assertThat(field(invocation, "kafka-header-tenant")).contains("a");
        assertThat(invocation.http().headers()).noneMatch(field -> field.value().contains("\n"));
        assertThat(invocation.http().headers()).noneMatch(field -> field.name().contains(" "));
    }

    @Test
    void traceContextIsPassedOn() {
        var parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        assertThat(event(plain("x", "ce_traceparent", parent)).traceparent()).contains(parent);
        assertThat(field(event(plain("x", "traceparent", parent)), "traceparent"))
                .contains(parent);
        assertThat(event(plain("x", "traceparent", "nonsense")).traceparent()).isEmpty();
    }

    @Test
    void attributesOfABinaryEventAreHeadersAsInHttp() {
        var event = CloudEventBuilder.v1()
                .withId("a b")
                .withSource(URI.create("/orders"))
                .withType("order.placed")
                .withSubject("Größe 100%")
                .withData("application/json", "{}".getBytes(UTF_8))
                .build();

        var sent = KafkaMessageFactory.createWriter("topic").writeBinary(event);
        var invocation = event(consumed(null, sent.value(), sent.headers()));

        assertThat(field(invocation, "ce-id")).contains("a%20b");
        assertThat(field(invocation, "ce-source")).contains("/orders");
        assertThat(field(invocation, "ce-type")).contains("order.placed");
        assertThat(field(invocation, "ce-subject")).contains("Gr%C3%B6%C3%9Fe%20100%25");
        assertThat(field(invocation, "content-type")).contains("application/json");
        assertThat(body(invocation)).isEqualTo("{}");
    }

    @Test
    void aStructuredEventComesInTheSameForm() {
        var invocation = structured(",\"datacontenttype\":\"application/json\",\"data\":{\"n\": 1.10},\"count\":7");

        assertThat(field(invocation, "ce-id")).contains("1");
        assertThat(field(invocation, "ce-count")).contains("7");
        assertThat(field(invocation, "ce-datacontenttype")).isEmpty();
        assertThat(field(invocation, "content-type")).contains("application/json");
        assertThat(body(invocation)).isEqualTo("{\"n\": 1.10}");
    }

    @Test
    void dataOfAStructuredEventIsTextBinaryOrJson() {
        assertThat(body(structured(",\"datacontenttype\":\"text/plain\",\"data\":\"a\\u00e4\"")))
                .isEqualTo("aä");
        assertThat(body(structured(",\"data\":\"a\""))).isEqualTo("\"a\"");
        assertThat(body(structured(",\"data\": 12 "))).isEqualTo("12");
        assertThat(body(structured(",\"data\":[1,{\"a\":[]}]"))).isEqualTo("[1,{\"a\":[]}]");
        assertThat(body(structured(",\"data\":null"))).isEmpty();
        assertThat(field(structured(",\"data\":true"), "content-type")).contains("application/json");
        var binary = structured(",\"data_base64\":\"AAH/\",\"datacontenttype\":\"image/png\"");
        assertThat(binary.body()).containsExactly(0, 1, 0xFF);
        assertThat(field(binary, "content-type")).contains("image/png");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "nonsense",
                "{}",
                "{" + REQUIRED + "} x",
                "{" + REQUIRED,
                "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}",
                "{\"specversion\":\"1.0\",\"id\":\"\",\"source\":\"/s\",\"type\":\"t\"}",
                "{" + REQUIRED + ",\"id\":\"2\"}",
                "{" + REQUIRED + ",\"Upper\":\"2\"}",
                "{" + REQUIRED + ",\"list\":[]}",
                "{" + REQUIRED + ",\"data\":1,\"data_base64\":\"AA==\"}",
                "{" + REQUIRED + ",\"data_base64\":\"?\"}",
                "{" + REQUIRED + ",\"data_base64\":1}"
            })
    void aStructuredEventThatIsNoneIsMalformed(String value) {
        assertThat(reason(EventCodec.decode(plain(value, "content-type", STRUCTURED), "shop", FIRST)))
                .isNotBlank();
    }

    @Property
    void anythingElseIsTakenAndMakesOnlyFieldsThatHttpTakes(
            @ForAll byte[] key, @ForAll byte[] value, @ForAll List<String> names, @ForAll byte[] content) {
        var headers = new RecordHeaders();
        names.forEach(name -> headers.add(name, content));
        names.forEach(name -> headers.add("ce_" + name, content));

        var invocation = event(consumed(key, value, headers));

        assertThat(invocation.body()).isEqualTo(value);
        assertThat(invocation.http().headers())
                .allMatch(field ->
                        field.name().matches("[!#$%&'*+.^_`|~0-9a-z-]+") && EventFields.isValue(field.value()));
    }

    @Property
    void structuredDecodingIsTotal(@ForAll byte[] value) {
        var headers = new RecordHeaders().add("content-type", STRUCTURED.getBytes(UTF_8));

        assertThat(EventCodec.decode(consumed(null, value, headers), "shop", FIRST))
                .isNotNull();
    }

    @Property
    void headersAreBounded(@ForAll @IntRange(min = 0, max = 2_000) int count, @ForAll @IntRange(max = 9_000) int size) {
        var headers = new RecordHeaders();
        for (int i = 0; i < count; i++) {
            headers.add((i % 2 == 0 ? "ce_a" : "h") + i, "v".repeat(size / 100).getBytes(UTF_8));
        }
        headers.add("large", "v".repeat(size).getBytes(UTF_8));

        var fields = event(consumed(null, new byte[0], headers)).http().headers();

        assertThat(fields).hasSizeLessThanOrEqualTo(80);
        assertThat(fields.stream().mapToInt(field -> field.value().length()).sum())
                .isLessThan(40_000);
    }
}
