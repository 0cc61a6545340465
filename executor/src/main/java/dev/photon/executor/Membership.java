package dev.photon.executor;

import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.TopicPlan;
import dev.photon.protocol.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/**
 * The name by which an executor's consumers are members of their groups (KIP-345). Whoever knows that the process is dead
 * may take them out by it, so that nobody waits for their sessions to end. Immutable.
 *
 * @param name that no other process has at the same time
 */
public record Membership(String name) {
    public static final String SETTING = "PHOTON_MEMBER";

    private static final String END = ".";

    /** What a consumer is to be configured with. Each is another member, as it would be without a name. */
    Map<String, String> settings() {
        return Map.of("group.instance.id", name + END + InvocationIds.next());
    }

    /**
     * Takes a dead executor out of its groups. Not for one that lives: others would get what it works on. Blocks.
     *
     * @throws ExecutionException when Kafka does not do it
     */
    public void end(Admin admin, TopicPlan plan) throws ExecutionException, InterruptedException {
        for (var pool : plan.pools()) {
            for (var topic : plan.consumed(pool)) {
                end(admin, Topics.executors(topic));
            }
        }
    }

    private void end(Admin admin, String group) throws ExecutionException, InterruptedException {
        try {
            var description = admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .get();
            var members = description.members().stream()
                    .map(MemberDescription::groupInstanceId)
                    .flatMap(Optional::stream)
                    .filter(id -> id.startsWith(name + END))
                    .map(MemberToRemove::new)
                    .collect(Collectors.toSet());
            if (!members.isEmpty()) {
                admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions(members))
                        .all()
                        .get();
            }
        } catch (ExecutionException e) {
            if (!isOutAlready(e.getCause())) {
                throw e;
            }
        }
    }

    /** It may have died before it came in, and its session may have ended. */
    private static boolean isOutAlready(Throwable failure) {
        return failure instanceof GroupIdNotFoundException || failure instanceof UnknownMemberIdException;
    }
}
