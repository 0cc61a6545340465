package dev.photon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.executor.Membership;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import dev.photon.protocol.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MembershipTest {
    private static final String GROUP = Topics.executors("photon.invocations");

    /** A consumer that closes without a word is one that has died, to its group. */
    @ParameterizedTest
    @ValueSource(strings = {"consumer", "classic"})
    void aDeadMemberIsOutOfItsGroupWithoutWaitingForItsSession(String protocol) throws Exception {
        try (var kafka = TestingKafka.either()) {
            var settings = Map.of("PHOTON_BOOTSTRAP", kafka.bootstrap());
            var region = RegionConfig.read(new Settings(settings::get));
            createTopic(region.kafka());
            join(region.kafka(), Map.of("group.protocol", protocol, "group.instance.id", "dead.0"));
            assertThat(members(region.kafka())).isEqualTo(1);

            try (var admin = region.kafka().admin()) {
                new Membership("alive").end(admin, region.plan());
                assertThat(members(region.kafka())).isEqualTo(1);
                new Membership("dead").end(admin, region.plan());
            }

            assertThat(members(region.kafka())).isZero();
        }
    }

    private static void createTopic(KafkaConnection kafka) throws Exception {
        try (var admin = kafka.admin()) {
            admin.createTopics(List.of(new NewTopic("photon.invocations", 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static void join(KafkaConnection kafka, Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.put("group.id", GROUP);
        all.put("auto.offset.reset", "earliest");
        var consumer = kafka.consumer("dead", all);
        consumer.subscribe(List.of("photon.invocations"));
        await().until(() -> {
            consumer.poll(Duration.ofMillis(100));
            return !consumer.assignment().isEmpty();
        });
        consumer.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
    }

    private static int members(KafkaConnection kafka) throws Exception {
        try (var admin = kafka.admin()) {
            var description = admin.describeConsumerGroups(List.of(GROUP)).all().get();
            return description.get(GROUP).members().size();
        }
    }
}
