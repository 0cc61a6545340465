package dev.photon.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Region;
import java.net.URI;
import org.junit.jupiter.api.Test;

class TopicWatchTest {
    /** A name that stands for no address, ever (RFC 6761). */
    private static final KafkaConnection UNKNOWN = new KafkaConnection("brokers.invalid:9092");

    @Test
    void aRegionWhoseNameIsUnknownIsOneThatDoesNotAnswer() throws Exception {
        var readings = new Readings("lost");
        try (var watch =
                new TopicWatch(new Region("lost", UNKNOWN, URI.create("http://lost")), "photon.functions", readings)) {
            assertThat(watch.id()).isEmpty();

            assertThat(watch.answers()).isFalse();
            assertThat(readings.failures()).isEqualTo(1);
        }
    }

    @Test
    void itIsNotAskedAgainAtOnce() throws Exception {
        var readings = new Readings("lost");
        try (var watch =
                new TopicWatch(new Region("lost", UNKNOWN, URI.create("http://lost")), "photon.functions", readings)) {
            watch.id();
            watch.id();

            assertThat(readings.failures()).isEqualTo(1);
        }
    }
}
