package dev.photon.registry;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteConsumerGroupsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those of the region's brokers, which have a few seconds for each answer. */
final class BrokerGroups implements ConsumerGroups {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerGroups.class);
    private static final int TIMEOUT_MILLIS = 5_000;

    private final Admin admin;

    /**
     * @param admin stays its owner's
     */
    BrokerGroups(Admin admin) {
        this.admin = admin;
    }

    @Override
    public Set<String> names() throws InterruptedException {
        return Awaited.of(admin.listGroups(new ListGroupsOptions().timeoutMs(TIMEOUT_MILLIS))
                        .all())
                .stream()
                .map(GroupListing::groupId)
                .collect(Collectors.toSet());
    }

    @Override
    public Set<String> delete(Set<String> groups) throws InterruptedException {
        var notEmpty = new HashSet<String>();
        var options = new DeleteConsumerGroupsOptions().timeoutMs(TIMEOUT_MILLIS);
        for (var deletion :
                admin.deleteConsumerGroups(groups, options).deletedGroups().entrySet()) {
            try {
                Awaited.of(deletion.getValue());
                LOG.atInfo().addKeyValue("group", deletion.getKey()).log("group deleted");
            } catch (GroupNotEmptyException e) {
                notEmpty.add(deletion.getKey());
            } catch (GroupIdNotFoundException e) {
                // As it should be.
            }
        }
        return notEmpty;
    }
}
