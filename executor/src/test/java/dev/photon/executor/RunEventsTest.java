package dev.photon.executor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.executor.wasm.EventSink.Refusal;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.Emission;
import dev.photon.protocol.EntryCodec;
import dev.photon.protocol.EntryRule;
import dev.photon.protocol.EventCodec;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Target;
import dev.photon.registry.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RunEventsTest {
    private static final Manifest.Events RULE = new Manifest.Events(List.of("orders", "photon.logs"), 3, 1_000);

    private final List<ProducerRecord<byte[], byte[]>> published = new ArrayList<>();
    private final RunEvents events = new RunEvents(
            RULE,
            new RunName("eu", "shop", "i1", Optional.empty()),
            topic -> topic.startsWith("photon."),
            published::addAll);

    private static Emission event(String topic, int bytes) {
        return new Emission(topic, List.of(), new byte[bytes]);
    }

    private Optional<Refusal.Kind> refusal(Emission event) {
        return events.emit(event).map(Refusal::kind);
    }

    @Test
    void publishesWhatWasHeldInItsOrderAndNothingBefore() throws InterruptedException {
        events.emit(event("orders", 1));
        events.emit(event("orders", 2));
        assertThat(published).isEmpty();

        events.publish();

        assertThat(published).extracting(record -> record.value().length).containsExactly(1, 2);
        assertThat(published)
                .extracting(record ->
                        new String(record.headers().lastHeader("ce_id").value(), UTF_8))
                .containsExactly("i1.0", "i1.1");
    }

    @Test
    void refusesTopicsThatAreNotListedAndThoseOfThePlatform() {
        assertThat(refusal(event("others", 1))).hasValue(Refusal.Kind.NOT_ALLOWED);
        assertThat(refusal(event("photon.logs", 1))).hasValue(Refusal.Kind.NOT_ALLOWED);
    }

    @Test
    void refusesMoreThanARunMayPublish() {
        assertThat(refusal(event("orders", 600))).isEmpty();
        assertThat(refusal(event("orders", 401))).hasValue(Refusal.Kind.TOO_LARGE);
        assertThat(refusal(event("orders", 400))).isEmpty();
        assertThat(refusal(event("orders", 0))).isEmpty();
        assertThat(refusal(event("orders", 0))).hasValue(Refusal.Kind.TOO_MANY);
    }

    @Test
    void whoeverPublishesToAnEntryTopicCannotNameARunLikeThatOfATriggersRecord() {
        var record = new ConsumerRecord<byte[], byte[]>("orders", 0, 7, null, new byte[0]);
        var entry = new ConsumerRecord<byte[], byte[]>("photon.in.local", 0, 1, null, new byte[0]);
        entry.headers().add("ce_photonfunction", "shop".getBytes(UTF_8));
        entry.headers().add("ce_id", "orders-0-7".getBytes(UTF_8));

        var ofTrigger = name(EventCodec.decode(record, "shop", new EventCodec.Run(2, false)));
        var ofPublisher = nameOfEntry(entry);

        assertThat(ofTrigger).isEqualTo("orders-0-7");
        assertThat(ofPublisher).startsWith("entry/").isEqualTo(nameOfEntry(entry));
    }

    /** Where its publisher gave it no id, and the topic was made anew. */
    @Test
    void anotherRecordAtTheSamePlaceHasAnotherName() {
        var name = nameOfEntry(plainEntry(1_000));

        assertThat(nameOfEntry(plainEntry(2_000))).isNotEqualTo(name);
        assertThat(nameOfEntry(plainEntry(1_000))).isEqualTo(name);
    }

    private static ConsumerRecord<byte[], byte[]> plainEntry(long millis) {
        var headers = new RecordHeaders().add("ce_photonfunction", "shop".getBytes(UTF_8));
        return new ConsumerRecord<>(
                "orders", 0, 0, millis, TimestampType.CREATE_TIME, -1, 0, null, new byte[0], headers, Optional.empty());
    }

    @Test
    void aMalformedTraceIsNoneOfItsEvents() {
        var call = new Invocation(
                "i1",
                "/",
                new Target.Named("shop", Optional.empty()),
                Optional.empty(),
                new ReplyTo.Nobody(),
                new Invocation.HttpHead("GET", "/", "", List.of()),
                Optional.of("00-1"),
                new byte[0]);

        assertThat(RunName.of("eu", "shop", call).traceparent()).isEmpty();
    }

    private static String nameOfEntry(ConsumerRecord<byte[], byte[]> source) {
        var taken = EntryCodec.decode(source, EntryRule.OPEN, topic -> false, 0);
        assertThat(taken).isInstanceOf(EntryCodec.Taken.class);
        return RunName.of("eu", "shop", ((EntryCodec.Taken) taken).invocation()).text();
    }

    private static String name(Decoded<Invocation> decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Valid.class);
        return RunName.of("eu", "shop", ((Decoded.Valid<Invocation>) decoded).value())
                .text();
    }
}
