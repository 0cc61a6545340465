package dev.photon.protocol;

import static dev.photon.protocol.TestingRecords.consumed;
import static dev.photon.protocol.TestingRecords.valid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** The CloudEvents project's own SDK as the other side of our records. */
class CloudEventsTest {
    private static final Digest DIGEST = Digest.of(new byte[] {1});

    @Test
    void anEventOfTheSdkCallsAFunction() {
        var event = CloudEventBuilder.v1()
                .withId("order-1")
                .withSource(URI.create("https://shop.example/orders"))
                .withType("com.example.order")
                .withData("application/json", "{\"n\":1}".getBytes(UTF_8))
                .withExtension("photonfunction", "bill")
                .withExtension("photonversion", "2.0.0")
                .withExtension("photonreplytopic", "bills")
                .build();

        var read = valid(InvocationCodec.decodeEntry(written(event)));

        assertThat(read.id()).isEqualTo("order-1");
        assertThat(read.source()).isEqualTo("https://shop.example/orders");
        assertThat(read.target()).isEqualTo(new Target.Named("bill", Optional.of("2.0.0")));
        assertThat(read.replyTo()).isEqualTo(new ReplyTo.Topic("bills"));
        assertThat(read.http().headers()).containsExactly(new Header("content-type", "application/json"));
        assertThat(new String(read.body(), UTF_8)).isEqualTo("{\"n\":1}");
    }

    @Test
    void anEventOfTheSdkCanBeAWholeInvocation() {
        var event = CloudEventBuilder.v1()
                .withId("1")
                .withSource(URI.create("/photon/ingress/a"))
                .withType(InvocationCodec.TYPE)
                .withExtension("photonschema", 1)
                .withExtension("photonfunction", "bill")
                .withExtension("photonversion", "2.0.0")
                .withExtension("photondigest", DIGEST.toString())
                .withExtension("photonview", 7)
                .withExtension("photonreplypartition", 3)
                .withExtension("photonreplyinstance", "a")
                .build();

        var read = valid(InvocationCodec.decode(written(event)));

        assertThat(read.target()).isEqualTo(new Target.Resolved("bill", "2.0.0", DIGEST, ViewPosition.of(7)));
        assertThat(read.replyTo()).isEqualTo(new ReplyTo.Ingress(3, "a"));
        assertThat(read.body()).isEmpty();
    }

    @Test
    void theSdkReadsOurInvocation() {
        var invocation = new Invocation(
                "1",
                "/photon/ingress/a",
                new Target.Resolved("bill", "2.0.0", DIGEST, ViewPosition.of(7)),
                Optional.of(new Deadline(1_000, 500)),
                new ReplyTo.Ingress(3, "a"),
                new Invocation.HttpHead(
                        "PUT", "", "", List.of(new Header("accept", "*/*"), new Header("content-type", "text/plain"))),
                Optional.empty(),
                "body".getBytes(UTF_8));

        var event = read(InvocationCodec.encode("t", invocation));

        assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
        assertThat(event.getId()).isEqualTo("1");
        assertThat(event.getType()).isEqualTo("dev.photon.invocation");
        assertThat(event.getSource()).isEqualTo(URI.create("/photon/ingress/a"));
        assertThat(event.getDataContentType()).isEqualTo("text/plain");
        assertThat(event.getExtension("photonmethod")).isEqualTo("PUT");
        assertThat(data(event)).isEqualTo("body");
    }

    @Test
    void theSdkReadsOurReply() {
        var reply = new Reply(
                "order-1",
                Optional.empty(),
                Optional.of("2.0.0"),
                new Reply.Answer(201, List.of(new Header("content-type", "application/json")), "{}".getBytes(UTF_8)),
                new Reply.Timing("e1", "default", 1, 2, 3));

        var event = read(ReplyCodec.encode("bills", null, reply));

        assertThat(event.getId()).isEqualTo("order-1");
        assertThat(event.getType()).isEqualTo("dev.photon.reply");
        assertThat(event.getDataContentType()).isEqualTo("application/json");
        assertThat(event.getExtension("photonstatus")).isEqualTo("201");
        assertThat(event.getExtension("photonversion")).isEqualTo("2.0.0");
        assertThat(data(event)).isEqualTo("{}");
    }

    @Test
    void theSdkReadsOurDeploymentResult() {
        var result = new CommandResult(
                "d1",
                new CommandResult.Accepted(
                        "bill", Optional.of("2.0.0"), Optional.of(DIGEST), true, 7, Optional.empty()));

        var event = read(CommandCodec.encode("t", result));

        assertThat(event.getId()).isEqualTo("d1");
        assertThat(event.getType()).isEqualTo("dev.photon.deployed");
        assertThat(event.getExtension("photonunchanged")).isEqualTo("true");
    }

    private static ConsumerRecord<byte[], byte[]> written(CloudEvent event) {
        ProducerRecord<byte[], byte[]> record = KafkaMessageFactory.<byte[]>createWriter("photon.in.local", null)
                .writeBinary(event);
        return consumed(record);
    }

    private static CloudEvent read(ProducerRecord<byte[], byte[]> record) {
        return KafkaMessageFactory.createReader(consumed(record)).toEvent();
    }

    private static String data(CloudEvent event) {
        return new String(Objects.requireNonNull(event.getData()).toBytes(), UTF_8);
    }
}
