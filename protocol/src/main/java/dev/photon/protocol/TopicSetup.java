package dev.photon.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Creates the topics of a plan that are missing, and checks those that exist: a policy that would lose data stops the
 * start. Safe when several processes do it at once. Where all topics exist, the rights to describe them and their policies
 * are enough.
 */
public final class TopicSetup {
    private static final String IN_SYNC = "min.insync.replicas";

    private TopicSetup() {}

    /**
     * @throws UnsafeTopics with every problem found, when topics exist that must not be used as they are, or are missing
     *     and may not be created
     * @throws org.apache.kafka.common.KafkaException when the brokers cannot be asked
     */
    public static void ensure(Admin admin, TopicPlan plan) throws InterruptedException {
        create(admin, plan);
        var problems = problems(admin, plan, plan.all());
        if (!problems.isEmpty()) {
            throw new UnsafeTopics(problems);
        }
    }

    /**
     * What stands on the brokers, as it is.
     *
     * @param missing names of the plan's topics that {@link #ensure} would create
     * @param problems why it would stop the start; empty when it would not
     */
    public record Inspection(List<String> missing, List<String> problems) {}

    /**
     * Looks, and changes nothing.
     *
     * @throws org.apache.kafka.common.KafkaException when the brokers cannot be asked
     */
    public static Inspection inspect(Admin admin, TopicPlan plan) throws InterruptedException {
        var names = ask(admin.listTopics().names());
        var existing = plan.all().stream()
                .filter(topic -> names.contains(topic.name()))
                .toList();
        var missing = plan.all().stream()
                .map(TopicPlan.Topic::name)
                .filter(name -> !names.contains(name))
                .toList();
        return new Inspection(missing, problems(admin, plan, existing));
    }

    private static List<String> problems(Admin admin, TopicPlan plan, List<TopicPlan.Topic> topics)
            throws InterruptedException {
        var names = topics.stream().map(TopicPlan.Topic::name).toList();
        var descriptions = ask(admin.describeTopics(names).allTopicNames());
        var problems = new ArrayList<String>();
        var configs = configs(admin, names, problems);
        for (var topic : topics) {
            var found = descriptions.get(topic.name());
            var config = configs.get(topic.name());
            if (config != null) {
                check(topic, found, config, problems);
                checkCopies(plan, found, config, problems);
            }
        }
        return problems;
    }

    private static void create(Admin admin, TopicPlan plan) throws InterruptedException {
        var existing = ask(admin.listTopics().names());
        var missing = plan.all().stream()
                .filter(topic -> !existing.contains(topic.name()))
                .map(topic -> {
                    var policy = new HashMap<>(topic.policy());
                    policy.put(IN_SYNC, Integer.toString(inSync(plan)));
                    return new NewTopic(topic.name(), topic.partitions(), plan.replication()).configs(policy);
                })
                .toList();
        var forbidden = new ArrayList<String>();
        for (var creation : admin.createTopics(missing).values().entrySet()) {
            try {
                creation.getValue().get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AuthorizationException) {
                    forbidden.add(("topic %s is not there, or hidden from us, and we may not create it:"
                                    + " create it and allow us to Describe it, or allow us to Create it, too")
                            .formatted(creation.getKey()));
                } else if (!(e.getCause() instanceof TopicExistsException)) {
                    throw failure(e);
                }
            }
        }
        if (!forbidden.isEmpty()) {
            throw new UnsafeTopics(forbidden);
        }
        awaitVisible(admin, missing.stream().map(NewTopic::name).toList());
    }

    /** A topic just created may be unknown to the broker that is asked next; the brokers agree within moments. */
    private static void awaitVisible(Admin admin, List<String> names) throws InterruptedException {
        for (int attempt = 0; attempt < 100 && !ask(admin.listTopics().names()).containsAll(names); attempt++) {
            Thread.sleep(50);
        }
    }

    private static void check(TopicPlan.Topic wanted, TopicDescription found, Config config, List<String> problems) {
        var partitions = found.partitions().size();
        if (wanted.exactPartitions() && partitions != wanted.partitions()) {
            problems.add("topic %s has %d partitions and must have %d"
                    .formatted(wanted.name(), partitions, wanted.partitions()));
        }
        var cleanup = config.get("cleanup.policy").value();
        if (!policies(cleanup).equals(policies(wanted.policy().get("cleanup.policy")))) {
            problems.add("topic %s has cleanup.policy=%s and must have %s, or it would lose data"
                    .formatted(wanted.name(), cleanup, wanted.policy().get("cleanup.policy")));
        }
        shorterThan(wanted, config).ifPresent(problems::add);
    }

    /** How many brokers have a record when it is acknowledged. */
    private static int inSync(TopicPlan plan) {
        return plan.replication() >= 3 ? 2 : 1;
    }

    /** Whether a broker that is lost takes no record with it that was acknowledged. */
    private static void checkCopies(TopicPlan plan, TopicDescription found, Config config, List<String> problems) {
        var replicas = found.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElseThrow();
        if (replicas < plan.replication()) {
            problems.add("topic %s has %d replicas and must have %d, or it would lose data with a broker"
                    .formatted(found.name(), replicas, plan.replication()));
        }
        var inSync = Integer.parseInt(config.get(IN_SYNC).value());
        if (inSync < inSync(plan)) {
            problems.add("topic %s has %s=%d and must have %d, or it would lose data with a broker"
                    .formatted(found.name(), IN_SYNC, inSync, inSync(plan)));
        }
        if (Boolean.parseBoolean(config.get("unclean.leader.election.enable").value())) {
            problems.add("topic %s has unclean.leader.election.enable=true, so it would lose data with a broker"
                    .formatted(found.name()));
        }
    }

    /** {@code compact,delete} in either order is the same. */
    private static Set<String> policies(String cleanup) {
        return Set.copyOf(List.of(cleanup.split(",", -1)));
    }

    private static Optional<String> shorterThan(TopicPlan.Topic wanted, Config config) {
        var wish = wanted.policy().get("retention.ms");
        if (wish == null) {
            return Optional.empty();
        }
        var kept = Long.parseLong(config.get("retention.ms").value());
        return kept < 0 || kept >= Long.parseLong(wish)
                ? Optional.empty()
                : Optional.of("topic %s has retention.ms=%d and must keep records at least %s ms, or it would lose data"
                        .formatted(wanted.name(), kept, wish));
    }

    private static Map<String, Config> configs(Admin admin, List<String> names, List<String> problems)
            throws InterruptedException {
        var resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        var byName = new HashMap<String, Config>();
        for (var answer : admin.describeConfigs(resources).values().entrySet()) {
            var name = answer.getKey().name();
            try {
                byName.put(name, ask(answer.getValue()));
            } catch (AuthorizationException e) {
                problems.add("topic %s has a policy that we may not see: allow us to DescribeConfigs".formatted(name));
            }
        }
        return byName;
    }

    private static <T> T ask(KafkaFuture<T> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(ExecutionException e) {
        return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    }
}
