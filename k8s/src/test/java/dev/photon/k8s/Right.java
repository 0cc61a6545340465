package dev.photon.k8s;

import io.strimzi.api.kafka.model.user.acl.AclResourcePatternType;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.AclRuleClusterResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleGroupResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTransactionalIdResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A right in Kafka as {@code RIGHTS.md} writes it: type, name, and one operation. */
final class Right {
    private Right() {}

    /**
     * What the tables give to each user.
     *
     * @param chapters whose tables count, by their headings, beside the first one
     */
    static Map<String, Set<String>> table(Set<String> chapters) throws IOException {
        var table = new TreeMap<String, Set<String>>();
        var counts = true;
        for (var line : Files.readAllLines(Manifests.FOLDER.resolve("RIGHTS.md"))) {
            if (line.startsWith("## ")) {
                counts = chapters.contains(line.substring(3));
            } else if (counts && line.startsWith("| ") && !line.startsWith("| user ")) {
                var cells = Stream.of(line.replace("`", "").split("\\|", -1))
                        .map(String::strip)
                        .toList();
                for (var user : cells.get(1).split(", ", -1)) {
                    for (var operation : cells.get(4).split(", ", -1)) {
                        table.computeIfAbsent(user, any -> new TreeSet<>())
                                .add("%s %s %s".formatted(cells.get(2), cells.get(3), operation));
                    }
                }
            }
        }
        return table;
    }

    /** What a rule of a user gives. */
    static Stream<String> of(AclRule rule) {
        if (rule.getType() != AclRuleType.ALLOW) {
            throw new AssertionError("a rule that denies: " + rule);
        }
        return rule.getOperations().stream()
                .map(operation -> "%s %s".formatted(resource(rule.getResource()), operation.toValue()));
    }

    private static String resource(AclRuleResource resource) {
        return switch (resource) {
            case AclRuleTopicResource topic -> named(topic, topic.getName(), topic.getPatternType());
            case AclRuleGroupResource group -> named(group, group.getName(), group.getPatternType());
            case AclRuleTransactionalIdResource id -> named(id, id.getName(), id.getPatternType());
            case AclRuleClusterResource cluster -> cluster.getType() + " kafka-cluster";
            default -> throw new AssertionError(resource);
        };
    }

    private static String named(AclRuleResource resource, String name, AclResourcePatternType pattern) {
        return "%s %s%s".formatted(resource.getType(), name, pattern == AclResourcePatternType.PREFIX ? "*" : "");
    }
}
