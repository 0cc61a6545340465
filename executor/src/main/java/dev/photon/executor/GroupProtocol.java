package dev.photon.executor;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How executors share partitions: with either protocol a dead one is noticed within 6 seconds.
 *
 * <p>Under the consumer protocol (KIP-848) the session is the group's setting on the broker, and brokers allow none under
 * 45 s unless configured; where ours do not, the classic protocol serves.
 */
enum GroupProtocol {
    CONSUMER,
    CLASSIC;

    private static final Logger LOG = LoggerFactory.getLogger(GroupProtocol.class);
    private static final int SESSION_MILLIS = 6_000;
    private static final int HEARTBEAT_MILLIS = 500;

    /** What a consumer of the group is to be configured with. */
    Map<String, String> settings() {
        return switch (this) {
            case CONSUMER -> Map.of("group.protocol", "consumer");
            case CLASSIC ->
                Map.of(
                        "group.protocol",
                        "classic",
                        "session.timeout.ms",
                        Integer.toString(SESSION_MILLIS),
                        "heartbeat.interval.ms",
                        Integer.toString(HEARTBEAT_MILLIS),
                        "partition.assignment.strategy",
                        CooperativeStickyAssignor.class.getName());
        };
    }

    /**
     * Chooses, and prepares the group on the broker where that is needed.
     *
     * @throws KafkaException when the brokers cannot be asked, or refuse the protocol that was asked for
     */
    static GroupProtocol choose(Admin admin, String group, ExecutorConfig.ProtocolChoice choice)
            throws InterruptedException {
        var chosen = switch (choice) {
            case CLASSIC -> CLASSIC;
            case CONSUMER -> {
                prepare(admin, group);
                yield CONSUMER;
            }
            case AUTO -> prepared(admin, group) ? CONSUMER : CLASSIC;
        };
        LOG.atInfo().addKeyValue("group", group).addKeyValue("protocol", chosen).log("group protocol chosen");
        return chosen;
    }

    /** Not where brokers or their rules for us do not allow it: the other protocol serves as well. */
    private static boolean prepared(Admin admin, String group) throws InterruptedException {
        try {
            if (!allowed(admin)) {
                return false;
            }
            prepare(admin, group);
            return true;
        } catch (AuthorizationException e) {
            LOG.atInfo()
                    .addKeyValue("group", group)
                    .addKeyValue("reason", e.getMessage())
                    .log("the consumer protocol would need one more right");
            return false;
        }
    }

    private static boolean allowed(Admin admin) throws InterruptedException {
        try {
            var broker = admin.describeCluster().nodes().get().iterator().next().idString();
            var resource = new ConfigResource(ConfigResource.Type.BROKER, broker);
            var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            return atMost(config, "group.consumer.min.session.timeout.ms", SESSION_MILLIS)
                    && atMost(config, "group.consumer.min.heartbeat.interval.ms", HEARTBEAT_MILLIS);
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static boolean atMost(Config config, String key, int limit) {
        var entry = config.get(key);
        return entry != null && entry.value() != null && Integer.parseInt(entry.value()) <= limit;
    }

    private static void prepare(Admin admin, String group) throws InterruptedException {
        var timing = List.of(
                set("consumer.session.timeout.ms", SESSION_MILLIS),
                set("consumer.heartbeat.interval.ms", HEARTBEAT_MILLIS));
        try {
            var atOnce = set("consumer.assignment.interval.ms", 0);
            alter(
                    admin,
                    group,
                    Stream.concat(timing.stream(), Stream.of(atOnce)).toList());
        } catch (InvalidConfigurationException e) {
            // Brokers before 4.3 have no such pause.
            alter(admin, group, timing);
        }
    }

    private static void alter(Admin admin, String group, Collection<AlterConfigOp> operations)
            throws InterruptedException {
        var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        try {
            admin.incrementalAlterConfigs(Map.of(resource, operations)).all().get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static AlterConfigOp set(String key, int value) {
        return new AlterConfigOp(new ConfigEntry(key, Integer.toString(value)), AlterConfigOp.OpType.SET);
    }

    private static KafkaException failure(ExecutionException e) {
        return e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
    }
}
