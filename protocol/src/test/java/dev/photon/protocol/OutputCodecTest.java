package dev.photon.protocol;

import static dev.photon.protocol.TestingRecords.consumed;
import static dev.photon.protocol.TestingRecords.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.kafka.KafkaMessageFactory;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class OutputCodecTest {
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String FROM = EventCodec.from("eu", "shop");
    private static final ConsumerRecord<byte[], byte[]> SOURCE =
            consumed("k".getBytes(UTF_8), new byte[0], new RecordHeaders());

    private static ProducerRecord<byte[], byte[]> output(Header... headers) {
        var answer = new Reply.Answer(200, List.of(headers), "done".getBytes(UTF_8));
        return OutputCodec.encode("out", SOURCE, FROM, answer, Optional.of(TRACE));
    }

    @Test
    void anAnswerIsACloudEventThatNamesItsCause() {
        var output = output(new Header("content-type", "text/plain"));

        var event = KafkaMessageFactory.createReader(consumed(output)).toEvent();
        assertThat(event.getId()).isEqualTo("photon.in.local-3-42");
        assertThat(event.getSource()).hasToString("/regions/eu/fn/shop");
        assertThat(event.getType()).isEqualTo("dev.photon.output");
        assertThat(event.getExtension("photoncause")).isEqualTo("photon.in.local/3/42");
        assertThat(event.getExtension("traceparent")).isEqualTo(TRACE);
        assertThat(event.getDataContentType()).isEqualTo("text/plain");
        assertThat(new String(event.getData().toBytes(), UTF_8)).isEqualTo("done");
        assertThat(output.key()).isEqualTo(SOURCE.key());
    }

    @Test
    void theAnswerMayNameTypeKeyAndAttributesButNotWhoItIsFrom() {
        var output = output(
                new Header("ce-type", "order%20done"),
                new Header("ce-subject", "a"),
                new Header("ce-id", "mine"),
                new Header("ce-source", "/elsewhere"),
                new Header("ce-not_one", "a"),
                new Header("kafka-key", "other"));

        assertThat(header(output.headers(), "ce_type")).contains("order done");
        assertThat(header(output.headers(), "ce_subject")).contains("a");
        assertThat(header(output.headers(), "ce_id")).contains("photon.in.local-3-42");
        assertThat(header(output.headers(), "ce_source")).contains(FROM);
        assertThat(header(output.headers(), "ce_not_one")).isEmpty();
        assertThat(new String(output.key(), UTF_8)).isEqualTo("other");
    }

    @Test
    void anAnswerCannotMakeItPassForWhatThePlatformWrites() {
        var output = output(new Header("ce-type", "dev.photon.reply"), new Header("ce-photonoutcome", "answered"));

        assertThat(header(output.headers(), "ce_type")).contains(OutputCodec.TYPE);
        assertThat(header(output.headers(), "ce_photonoutcome")).isEmpty();
    }
}
