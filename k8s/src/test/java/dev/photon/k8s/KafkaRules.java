package dev.photon.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.cli.Role;
import dev.photon.protocol.Mirror;
import dev.photon.protocol.TopicPlan;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.kafka.KafkaClusterSpec;
import io.strimzi.api.kafka.model.mirrormaker2.KafkaMirrorMaker2;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What must be true of Kafka besides. */
abstract class KafkaRules extends ReferenceRules {
    /** Topics that operators declare, and those of publishers, whose policy is their own. */
    private static final Set<String> OF_PUBLISHERS = Set.of("photon.in.shop", "my.replies");

    @Test
    void topicsAreThoseThatRolesWouldMake() {
        var topics = read().of(KafkaTopic.class).stream()
                .filter(topic -> !OF_PUBLISHERS.contains(topic.getMetadata().getName()))
                .collect(Collectors.toMap(topic -> topic.getMetadata().getName(), Function.identity()));
        var plan = region().plan();

        assertThat(topics.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        plan.all().stream().map(TopicPlan.Topic::name).toList());
        for (var wanted : plan.all()) {
            var spec = topics.get(wanted.name()).getSpec();
            var policy = new HashMap<>(wanted.policy());
            policy.put("min.insync.replicas", plan.replication() >= 3 ? "2" : "1");
            assertThat(texts(spec.getConfig())).as(wanted.name()).isEqualTo(policy);
            assertThat(spec.getPartitions()).as(wanted.name()).isEqualTo(wanted.partitions());
            assertThat(spec.getReplicas()).as(wanted.name()).isEqualTo(plan.replication());
        }
    }

    private static Map<String, String> texts(Map<String, Object> config) {
        var texts = new HashMap<String, String>();
        config.forEach((key, value) -> texts.put(key, value.toString()));
        return texts;
    }

    @Test
    void everyTopicFitsTheBrokersThatThereAre() {
        var brokers = read().only(KafkaNodePool.class).getSpec().getReplicas();

        assertThat(region().plan().replication()).isLessThanOrEqualTo((short) brokers);
        assertThat(read().of(KafkaTopic.class))
                .allMatch(topic -> topic.getSpec().getReplicas() == Math.min(3, brokers));
        assertThat(read().only(Kafka.class).getSpec().getKafka().getConfig().entrySet())
                .filteredOn(setting -> setting.getKey().endsWith("replication.factor"))
                .isNotEmpty()
                .allMatch(setting -> setting.getValue().equals(Math.min(3, brokers)));
    }

    @Test
    void usersHaveTheRightsOfTheTableAndNoOthers() throws IOException {
        var granted = new TreeMap<String, Set<String>>();
        for (var user : read().of(KafkaUser.class)) {
            var rules = (KafkaUserAuthorizationSimple) user.getSpec().getAuthorization();
            granted.put(
                    user.getMetadata().getName().replaceFirst("^photon-", ""),
                    rules.getAcls().stream().flatMap(Right::of).collect(Collectors.toSet()));
        }

        assertThat(granted).isEqualTo(Right.table(chapters()));
    }

    /** Of {@code RIGHTS.md}, that are about such a region. */
    private Set<String> chapters() {
        var chapters = new HashSet<String>();
        if (amongOthers()) {
            chapters.add("With other regions");
        }
        if (region().mirror() == Mirror.MIRROR_MAKER) {
            chapters.add("With MirrorMaker 2");
        }
        return chapters;
    }

    /** What is true here holds in the others, which have the same manifests. */
    @Test
    void otherRegionsAreReadFromWhereTheirBrokersListenForThem() {
        var doors = read().only(Kafka.class).getSpec().getKafka().getListeners().stream()
                .filter(listener -> listener.getName().equals("regions"))
                .toList();
        assertThat(doors)
                .hasSize(amongOthers() ? 1 : 0)
                .allMatch(door -> door.isTls() && door.getAuth().getType().equals("scram-sha-512"));
        for (var other : region().others()) {
            var port = doors.getFirst().getPort();
            assertThat(other.kafka().bootstrap()).endsWith(":" + port);
            assertThat(only(Role.REPLICATOR).configs(root()).region().others())
                    .allMatch(read -> read.kafka().security().toString().equals("sasl_ssl"));
            assertThat(read().of(NetworkPolicy.class))
                    .anyMatch(policy -> matches(policy.getSpec().getPodSelector(), only(Role.REPLICATOR))
                            && policy.getSpec().getEgress().stream()
                                    .flatMap(rule -> rule.getPorts().stream())
                                    .anyMatch(open -> port == open.getPort().getIntVal()));
        }
    }

    @Test
    void mirrorMakerIsThereWhereTheRolesAreToldSo() {
        assertThat(read().of(KafkaMirrorMaker2.class))
                .hasSize(region().mirror() == Mirror.MIRROR_MAKER ? 1 : 0)
                .allSatisfy(mirrorMaker -> {
                    var target = mirrorMaker.getSpec().getTarget();
                    assertThat(target.getAlias()).isEqualTo(region().name());
                    assertThat(target.getBootstrapServers())
                            .isEqualTo(region().kafka().bootstrap());
                    assertThat(mirrorMaker.getSpec().getMirrors())
                            .extracting(mirror -> mirror.getSource().getAlias()
                                    + " "
                                    + mirror.getSource().getBootstrapServers())
                            .containsExactlyElementsOf(region().others().stream()
                                    .map(other ->
                                            other.name() + " " + other.kafka().bootstrap())
                                    .toList());
                    var topics = region().topics();
                    assertThat(mirrorMaker.getSpec().getMirrors())
                            .allMatch(mirror -> Stream.of(topics.functions(), topics.artifacts())
                                    .allMatch(topic -> topic.matches(mirror.getTopicsPattern())))
                            .noneMatch(mirror -> "x.photon.functions".matches(mirror.getTopicsPattern()));
                });
    }

    @Test
    void brokersLetADeadExecutorBeNoticedWithinSixSeconds() {
        assertThat(setting("group.consumer.min.session.timeout.ms")).isLessThanOrEqualTo(6_000);
        assertThat(setting("group.consumer.min.heartbeat.interval.ms")).isLessThanOrEqualTo(500);
    }

    private int setting(String name) {
        return (Integer)
                read().only(Kafka.class).getSpec().getKafka().getConfig().get(name);
    }

    @Test
    void strimziTakesEverySettingOfTheBrokers() {
        var refused = KafkaClusterSpec.FORBIDDEN_PREFIXES.split(", ", -1);
        var taken = KafkaClusterSpec.FORBIDDEN_PREFIX_EXCEPTIONS.split(", ", -1);

        assertThat(read().only(Kafka.class).getSpec().getKafka().getConfig().keySet())
                .filteredOn(name -> Stream.of(taken).noneMatch(name::startsWith))
                .noneMatch(name -> Stream.of(refused).anyMatch(name::startsWith));
    }

    @Test
    void rolesFindTheBrokersAndAreLetIn() {
        var kafka = read().only(Kafka.class);
        var listener = kafka.getSpec().getKafka().getListeners().getFirst();
        var cluster = Map.of("strimzi.io/cluster", kafka.getMetadata().getName());

        assertThat(region().kafka().bootstrap())
                .isEqualTo(kafka.getMetadata().getName() + "-kafka-bootstrap:" + listener.getPort());
        assertThat(region().kafka().security().protocol().name()).isEqualTo("SASL_SSL");
        assertThat(listener.isTls()).isTrue();
        assertThat(listener.getAuth().getType()).isEqualTo("scram-sha-512");
        assertThat(read().of(NetworkPolicy.class))
                .flatExtracting(policy -> policy.getSpec().getEgress())
                .anyMatch(rule -> rule.getTo().stream()
                                .anyMatch(peer -> peer.getPodSelector() != null
                                        && cluster.equals(peer.getPodSelector().getMatchLabels()))
                        && rule.getPorts().stream()
                                .map(NetworkPolicyPort::getPort)
                                .anyMatch(port -> listener.getPort() == port.getIntVal()));
        assertThat(Stream.of(KafkaTopic.class, KafkaUser.class, KafkaNodePool.class)
                        .flatMap(kind -> read().of(kind).stream()))
                .allMatch(resource -> cluster.equals(resource.getMetadata().getLabels()));
    }
}
