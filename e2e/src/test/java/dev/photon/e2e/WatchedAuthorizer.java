package dev.photon.e2e;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/** Kafka's own authorizer, that remembers what it was asked. Made by Kafka, more than once, so what it knows is shared. */
public final class WatchedAuthorizer extends StandardAuthorizer {
    static final Set<Use> ALLOWED = ConcurrentHashMap.newKeySet();
    static final Set<Use> DENIED = ConcurrentHashMap.newKeySet();

    /** Something that a user did, or wanted to do. */
    record Use(String user, AclOperation operation, ResourceType type, String name) {}

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext context, List<Action> actions) {
        var results = super.authorize(context, actions);
        for (int i = 0; i < actions.size(); i++) {
            var action = actions.get(i);
            var use = new Use(
                    context.principal().getName().replaceFirst("^CN=", ""),
                    action.operation(),
                    action.resourcePattern().resourceType(),
                    action.resourcePattern().name());
            if (results.get(i) == AuthorizationResult.ALLOWED) {
                ALLOWED.add(use);
            } else if (action.logIfDenied() && !use.name().isEmpty()) { // a topic's id outlives its name
                DENIED.add(use);
            }
        }
        return results;
    }
}
