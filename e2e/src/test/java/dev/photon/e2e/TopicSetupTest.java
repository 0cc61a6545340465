package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.TopicPlan;
import dev.photon.protocol.TopicSetup;
import dev.photon.protocol.Topics;
import dev.photon.protocol.UnsafeTopics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Topics that are there already, and would lose what was accepted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TopicSetupTest {
    private static final String CALLS = TOPICS.invocations("default");

    private TestingKafka kafka;
    private Admin admin;

    @BeforeAll
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        admin = new KafkaConnection(kafka.bootstrap()).admin();
        TopicSetup.ensure(admin, plan(1));
    }

    @AfterAll
    void stop() {
        admin.close();
        kafka.close();
    }

    private static TopicPlan plan(int replication) {
        return new TopicPlan(TOPICS, 2, (short) replication, List.of(), List.of(), List.of());
    }

    private void alter(String setting, String value, AlterConfigOp.OpType how) throws Exception {
        var change = new AlterConfigOp(new ConfigEntry(setting, value), how);
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, CALLS), Set.of(change)))
                .all()
                .get();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cleanup.policy                 | compact | cleanup.policy=compact and must have delete",
                "retention.ms                   | 1000    | must keep records at least 3600000 ms",
                "unclean.leader.election.enable | true    | unclean.leader.election.enable=true"
            })
    void aPolicyThatWouldLoseDataEndsTheStart(String setting, String value, String reason) throws Exception {
        alter(setting, value, AlterConfigOp.OpType.SET);
        try {
            // The broker hears of a change a moment after the controller.
            await().untilAsserted(() -> assertThatThrownBy(() -> TopicSetup.ensure(admin, plan(1)))
                    .isInstanceOf(UnsafeTopics.class)
                    .hasMessageContaining("topic " + CALLS)
                    .hasMessageContaining(reason));
        } finally {
            alter(setting, "", AlterConfigOp.OpType.DELETE);
        }
    }

    @Test
    void whereBrokersMayBeLostEachTopicIsOnAsManyAsWasPlanned() throws Exception {
        assertThat(TopicSetup.inspect(admin, plan(3)).problems())
                .contains(
                        "topic %s has 1 replicas and must have 3, or it would lose data with a broker".formatted(CALLS),
                        "topic %s has min.insync.replicas=1 and must have 2, or it would lose data with a broker"
                                .formatted(CALLS));
    }

    @Test
    void anOrderThatNeedsOnePartitionHasOne() throws Exception {
        var others = new Topics("others");
        var functions = new NewTopic(others.functions(), 2, (short) 1).configs(Map.of("cleanup.policy", "compact"));
        admin.createTopics(List.of(functions)).all().get();

        var found = TopicSetup.inspect(admin, new TopicPlan(others, 2, (short) 1, List.of(), List.of(), List.of()));

        assertThat(found.problems()).containsExactly("topic others.functions has 2 partitions and must have 1");
        assertThat(found.missing()).contains(others.deployments()).doesNotContain(others.functions());
    }
}
