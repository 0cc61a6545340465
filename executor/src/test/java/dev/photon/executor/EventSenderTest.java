package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.photon.executor.wasm.Unpublished;
import dev.photon.protocol.KafkaConnection;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Without a broker. */
class EventSenderTest {
    private static final List<ProducerRecord<byte[], byte[]>> EVENTS =
            List.of(new ProducerRecord<>("orders", new byte[1]));

    private final EventSender sender = new EventSender(new KafkaConnection("127.0.0.1:1"), "test");

    @AfterEach
    void close() {
        sender.close();
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
