package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.photon.executor.wasm.Unpublished;
import dev.photon.protocol.KafkaConnection;
import java.util.List;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Without a broker. */
class EventSenderTest {
    private static final List<ProducerRecord<byte[], byte[]>> EVENTS =
            List.of(new ProducerRecord<>("orders", new byte[1]));

    private static final KafkaConnection NOBODY = new KafkaConnection("127.0.0.1:1");

    private final EventSender sender = new EventSender(NOBODY, "test");
    /** Acknowledges nothing by itself. */
    private final MockProducer<byte[], byte[]> broker =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());

    private final EventSender toBroker = new EventSender(broker, NOBODY);

    @AfterEach
    void close() {
        sender.close();
        while (broker.completeNext()) {
            // So that nobody waits.
        }
        toBroker.close();
    }

    private void publishAside(String topic, int bytes) {
        Thread.startVirtualThread(() -> {
            try {
                toBroker.publish(List.of(new ProducerRecord<>(topic, new byte[bytes])));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void aTopicThatTakesNothingLeavesRoomForTheOthers() {
        for (int i = 1; i <= 8; i++) {
            publishAside("stuck", 1_000_000);
            var sent = i;
            Awaitility.await().until(() -> broker.history().size() == sent);
        }

        assertThatThrownBy(() -> toBroker.publish(List.of(new ProducerRecord<>("stuck", new byte[1_000_000]))))
                .hasMessageContaining("too many wait");

        publishAside("orders", 1_000_000);
        Awaitility.await().until(() -> broker.history().size() == 9);
    }

    @Test
    void anEventThatFindsNoRoomSaysNothingOfItsTopic() {
        broker.sendException = new BufferExhaustedException("full");
        assertThatThrownBy(() -> toBroker.publish(EVENTS)).hasMessageContaining("too many wait");

        broker.sendException = null;
        publishAside("orders", 1);

        Awaitility.await().until(() -> broker.history().size() == 1);
    }

    @Test
    void saysThatTheTopicIsNotThereAndSaysSoAtOnceTheNextTime() {
        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(() -> sender.publish(EVENTS))
                    .isInstanceOf(Unpublished.class)
                    .hasMessage("the function's events for the topic 'orders' could not be published: it is not there,"
                            + " or Kafka does not answer");
        }
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> sender.publish(EVENTS)).isInstanceOf(InterruptedException.class);
    }

    @Test
    void afterItWasClosedNothingIsPublished() {
        sender.close();

        assertThatThrownBy(() -> sender.publish(EVENTS)).isInstanceOf(Unpublished.class);
    }
}
