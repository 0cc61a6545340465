package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.protocol.KafkaConnection;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** A region whose topics get more partitions while it works, each alone and in the order that is the worst. */
class PartitionCountTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MORE = 5;
    private static final List<String> SPREAD = List.of(
            TOPICS.responses(),
            TOPICS.invocations(),
            TOPICS.uploads(),
            TOPICS.artifacts(),
            TOPICS.logs(),
            TOPICS.bodies());

    @Test
    void growsWithoutAnEnd() throws Exception {
        var large = "x".repeat(3 << 20);
        try (var kafka = TestingKafka.embedded();
                var admin = new KafkaConnection(kafka.bootstrap()).admin();
                var photon = PhotonTester.start(
                        kafka.bootstrap(), EnumSet.allOf(Role.class), Map.of("PHOTON_PARTITIONS", "2"))) {
            photon.deployGuest("echo");
            for (var topic : SPREAD) {
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(MORE)))
                        .all()
                        .get();
                assertThat(photon.post("/fn/echo", topic).body()).isEqualTo(topic);
            }
            awaitConsumed(admin);

            // Those that start now count anew.
            var settings = Map.<String, String>of();
            try (var second = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.INGRESS), settings);
                    var third = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.INGRESS), settings)) {
                second.deployGuest("sum");
                for (var ingress : List.of(photon, second, third)) {
                    assertThat(ingress.post("/fn/echo", large).body()).isEqualTo(large);
                }
            }
        }
    }

    /** An executor has each of them, which its commit shows. */
    private static void awaitConsumed(Admin admin) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(commits(admin)).hasSize(MORE));
    }

    private static Map<TopicPartition, OffsetAndMetadata> commits(Admin admin) throws Exception {
        return admin
                .listConsumerGroupOffsets("photon.invocations.executors")
                .partitionsToOffsetAndMetadata()
                .get()
                .entrySet()
                .stream()
                .filter(commit -> commit.getValue() != null)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
