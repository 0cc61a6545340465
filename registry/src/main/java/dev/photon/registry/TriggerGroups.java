package dev.photon.registry;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the consumer groups of triggers that are gone, once no executor is in them. What is left from before a restart
 * is found by the groups' names. Confined to the registry's thread.
 */
final class TriggerGroups {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerGroups.class);

    /** After the brokers failed, or lack a right. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    /** An executor that had not heard of the end may have made a group anew. */
    private static final Duration LISTED = Duration.ofMinutes(10);

    private final KafkaConnection kafka;
    private final Pattern name;
    private Set<String> left = Set.of();
    private long seen;
    private Optional<Long> listed = Optional.empty();
    private Optional<Long> failed = Optional.empty();

    TriggerGroups(KafkaConnection kafka, Topics topics) {
        this.kafka = kafka;
        // Another installation's prefix may begin like ours.
        this.name = Pattern.compile(Pattern.quote(topics.triggerGroups()) + "[A-Za-z0-9_-]+/[A-Za-z0-9._-]+");
    }

    /**
     * Takes a step, if there is one to take.
     *
     * @param needed the groups of all triggers there are
     * @param ended how many triggers have ended, counted before
     */
    void look(Set<String> needed, long ended) throws InterruptedException {
        var known = seen == ended && isWithin(listed, LISTED);
        if (isWithin(failed, RETRY) || (known && left.isEmpty())) {
            return;
        }
        try (var admin = kafka.admin()) {
            if (!known) {
                left = named(admin);
                seen = ended;
                listed = Optional.of(System.nanoTime());
            }
            left = delete(
                    admin,
                    left.stream().filter(group -> !needed.contains(group)).collect(Collectors.toSet()));
            failed = Optional.empty();
        } catch (KafkaException e) {
            failed = Optional.of(System.nanoTime());
            LOG.atWarn().addKeyValue("error", e.toString()).log("groups of triggers that are gone are deleted later");
        }
    }

    private static boolean isWithin(Optional<Long> since, Duration time) {
        return since.isPresent() && System.nanoTime() - since.get() < time.toNanos();
    }

    private Set<String> named(Admin admin) throws InterruptedException {
        return Awaited.of(admin.listGroups().all()).stream()
                .map(GroupListing::groupId)
                .filter(group -> name.matcher(group).matches())
                .collect(Collectors.toSet());
    }

    /** Those that are not empty yet. */
    private static Set<String> delete(Admin admin, Set<String> groups) throws InterruptedException {
        var notEmpty = new HashSet<String>();
        for (var deletion : admin.deleteConsumerGroups(groups).deletedGroups().entrySet()) {
            try {
                Awaited.of(deletion.getValue());
                LOG.atInfo().addKeyValue("group", deletion.getKey()).log("group of a trigger deleted");
            } catch (GroupNotEmptyException e) {
                notEmpty.add(deletion.getKey());
            } catch (GroupIdNotFoundException e) {
                // As it should be.
            }
        }
        return notEmpty;
    }
}
