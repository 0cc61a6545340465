package dev.photon.executor.outbound;

import dev.photon.executor.outbound.OutboundResult.Kind;
import dev.photon.registry.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a function's manifest allows it to call. Made once for a function, immutable. */
public final class OutboundPolicy {
    private final Set<String> methods;
    private final List<HostPattern> hosts;
    private final boolean allowHttp;

    private OutboundPolicy(Set<String> methods, List<HostPattern> hosts, boolean allowHttp) {
        this.methods = methods;
        this.hosts = hosts;
        this.allowHttp = allowHttp;
    }

    /** What is not listed is not allowed; an entry that is not a pattern of hosts allows none. */
    public static OutboundPolicy of(Manifest.Outbound manifest) {
        var hosts = new ArrayList<HostPattern>();
        for (var text : manifest.hosts()) {
            try {
                hosts.add(HostPattern.parse(text));
            } catch (IllegalArgumentException e) {
                // Deny by default.
            }
        }
        return new OutboundPolicy(manifest.methods(), List.copyOf(hosts), manifest.allowHttp());
    }

    /**
     * @param method in upper case
     */
    void check(String method, Destination destination) throws CallFailed {
        if (!methods.contains(method)) {
            throw denied("method " + method, "allowed_methods");
        }
        if (!destination.secure() && !allowHttp) {
            throw denied("plain http", "allow_http");
        }
        if (hosts.stream().noneMatch(pattern -> pattern.matches(destination))) {
            throw denied(destination.origin(), "allowed_hosts");
        }
    }

    private static CallFailed denied(String what, String setting) {
        return new CallFailed(
                Kind.NOT_ALLOWED, what + " is not allowed by cors_settings." + setting + " of the function");
    }
}
