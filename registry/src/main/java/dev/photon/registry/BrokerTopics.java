package dev.photon.registry;

import dev.photon.protocol.ErrorKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Those of the region's brokers, which have a few seconds for each answer. */
final class BrokerTopics implements KafkaTopics {
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final String CLEANUP = "cleanup.policy";
    private static final String DELETE = "delete";
    private static final String RETENTION = "retention.ms";
    /** How far a publisher's clock may be ahead of the brokers'. */
    private static final Duration MOST_AHEAD = Duration.ofMinutes(5);

    private final Admin admin;
    private final short replication;

    /**
     * @param admin stays its owner's
     * @param replication factor of topics that are made
     */
    BrokerTopics(Admin admin, short replication) {
        this.admin = admin;
        this.replication = replication;
    }

    @Override
    public Ensured ensure(String topic, int partitions, int retentionHours) throws Refused, InterruptedException {
        var found = find(topic);
        if (found.isPresent()) {
            return found.get();
        }
        try {
            var wanted = new NewTopic(topic, partitions, replication).configs(settings(retentionHours, replication));
            var asked = admin.createTopics(List.of(wanted), new CreateTopicsOptions().timeoutMs(TIMEOUT_MILLIS));
            Awaited.of(asked.all());
            return new Ensured(true, id(asked, topic), partitions, Optional.of(Duration.ofHours(retentionHours)));
        } catch (TopicExistsException e) {
            throw new Refused(
                    ErrorKind.UNAVAILABLE, "not all brokers know of the topic '" + topic + "' yet: try again later");
        } catch (AuthorizationException e) {
            throw new Refused("there is no topic '" + topic + "', and the registry may not Create it: make it first, or"
                    + " have whoever runs the region allow it");
        } catch (PolicyViolationException | InvalidTopicException e) {
            throw new Refused("the brokers do not take the topic '" + topic + "': " + e.getMessage());
        } catch (KafkaException e) {
            throw new Refused(ErrorKind.UNAVAILABLE, "the topic '" + topic + "' cannot be made now: try again later");
        }
    }

    /** Brokers tell it only to those who may DescribeConfigs. */
    private static Optional<String> id(CreateTopicsResult made, String topic) throws InterruptedException {
        try {
            return Optional.of(Awaited.of(made.topicId(topic)).toString());
        } catch (KafkaException e) {
            return Optional.empty();
        }
    }

    /** Of topics that are made. A record from the future would have a deadline that moves on with each look at it. */
    static Map<String, String> settings(int retentionHours, int replication) {
        return Map.of(
                CLEANUP,
                DELETE,
                RETENTION,
                Long.toString(Duration.ofHours(retentionHours).toMillis()),
                "message.timestamp.after.max.ms",
                Long.toString(MOST_AHEAD.toMillis()),
                "min.insync.replicas",
                replication >= 3 ? "2" : "1");
    }

    private Optional<Ensured> find(String topic) throws Refused, InterruptedException {
        try {
            var asked = admin.describeTopics(List.of(topic), new DescribeTopicsOptions().timeoutMs(TIMEOUT_MILLIS));
            var there = Awaited.of(asked.topicNameValues().get(topic));
            return Optional.of(new Ensured(
                    false,
                    Optional.of(there.topicId().toString()),
                    there.partitions().size(),
                    retention(topic)));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        } catch (KafkaException e) {
            throw Unread.topic(topic, e);
        }
    }

    /** Of a topic that is compacted, a record replaces those with its key before they have run: such a one is refused. */
    private Optional<Duration> retention(String topic) throws Refused, InterruptedException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            var config = Awaited.of(
                    admin.describeConfigs(List.of(resource), new DescribeConfigsOptions().timeoutMs(TIMEOUT_MILLIS))
                            .values()
                            .get(resource));
            if (!config.get(CLEANUP).value().equals(DELETE)) {
                throw new Refused("the topic '%s' has %s=%s and must have %s, or it would lose records"
                        .formatted(topic, CLEANUP, config.get(CLEANUP).value(), DELETE));
            }
            var millis = Long.parseLong(config.get(RETENTION).value());
            return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
        } catch (AuthorizationException e) {
            throw new Refused("the registry may not DescribeConfigs of the topic '" + topic
                    + "': whoever runs the region must allow it");
        } catch (KafkaException e) {
            throw Unread.topic(topic, e);
        }
    }

    @Override
    public void delete(String topic) throws Refused, InterruptedException {
        try {
            Awaited.of(admin.deleteTopics(List.of(topic), new DeleteTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
                    .all());
        } catch (UnknownTopicOrPartitionException e) {
            // As it should be.
        } catch (AuthorizationException e) {
            throw new Refused("the registry may not Delete the topic '" + topic
                    + "': whoever runs the region must allow it; without purge the topic is kept");
        } catch (KafkaException e) {
            throw new Refused(
                    ErrorKind.UNAVAILABLE, "the topic '" + topic + "' cannot be deleted now: try again later");
        }
    }
}
