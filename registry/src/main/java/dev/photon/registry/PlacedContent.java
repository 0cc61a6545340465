package dev.photon.registry;

import dev.photon.protocol.Digest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What was deployed elsewhere and lies in this region, and which versions need it. One thread changes it; any thread reads. */
final class PlacedContent {
    private final String region;
    private final Map<Digest, Placed> placed = new ConcurrentHashMap<>();
    /** Versions of other regions; the thread's that changes it. */
    private final Map<Digest, Set<Needing>> needing = new HashMap<>();

    /** A version that needs some content. */
    record Needing(String function, String version) {}

    private record Placed(Artifact artifact, long since) {}

    PlacedContent(String region) {
        this.region = region;
    }

    /** Has a version of another region be told of when its content comes or goes. */
    void isNeededBy(Manifest manifest) {
        manifest.artifacts()
                .forEach(artifact -> needing.computeIfAbsent(artifact.digest(), added -> new HashSet<>())
                        .add(new Needing(manifest.name(), manifest.version())));
    }

    Set<Needing> needing(Digest digest) {
        return needing.getOrDefault(digest, Set.of());
    }

    /**
     * @param since when it came, in epoch milliseconds
     */
    void put(Artifact artifact, long since) {
        placed.put(artifact.digest(), new Placed(artifact, since));
    }

    void remove(Digest digest) {
        placed.remove(digest);
    }

    Optional<Artifact> get(Digest digest) {
        return Optional.ofNullable(placed.get(digest)).map(Placed::artifact);
    }

    /** As it is at any moment. */
    Stream<Artifact> all() {
        return placed.values().stream().map(Placed::artifact);
    }

    /** The version that holds of what regions said, and whether its content is here. */
    Deployed deployed(Register<Manifest> register) {
        var standing = register.standing();
        var said = standing.getFirst();
        var manifest = said.value();
        var origin = said.origin();
        var since = said.stamp().millis();
        if (origin.equals(region)) {
            return new Deployed(manifest, region, Deployed.Presence.HERE, since);
        }
        if (!manifest.placement().includes(region)) {
            return new Deployed(manifest, origin, Deployed.Presence.ELSEWHERE, since);
        }
        // The same may have been deployed here, too, a moment later.
        var lying = new HashMap<Digest, Placed>();
        standing.stream()
                .filter(other -> other.origin().equals(region))
                .forEach(own -> own.value()
                        .artifacts()
                        .forEach(artifact -> lying.put(
                                artifact.digest(),
                                new Placed(artifact, own.stamp().millis()))));
        for (var artifact : manifest.artifacts().toList()) {
            var here = placed.getOrDefault(artifact.digest(), lying.get(artifact.digest()));
            if (here == null) {
                return new Deployed(manifest, origin, Deployed.Presence.COMING, since);
            }
            lying.put(artifact.digest(), here);
            since = Math.max(since, here.since());
        }
        return new Deployed(
                manifest.placed(artifact -> lying.get(artifact.digest()).artifact()),
                origin,
                Deployed.Presence.HERE,
                since);
    }
}
