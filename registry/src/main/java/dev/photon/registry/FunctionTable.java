package dev.photon.registry;

import dev.photon.protocol.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.semver4j.Semver;

/** The functions known so far, in memory. One thread adds; any thread reads. */
final class FunctionTable {

    /** Precedence of semantic versioning 2.0.0, section 11; versions that differ in build metadata alone stay apart. */
    private static final Comparator<String> PRECEDENCE =
            Comparator.<String, Semver>comparing(Semver::new).thenComparing(Comparator.naturalOrder());

    private record Versions(Map<String, Manifest> all, Manifest latest) {}

    private final Map<String, Versions> functions = new ConcurrentHashMap<>();

    void add(Manifest manifest) {
        functions.compute(manifest.name(), (name, before) -> {
            var all = new TreeMap<String, Manifest>(PRECEDENCE);
            if (before != null) {
                all.putAll(before.all());
            }
            all.put(manifest.version(), manifest);
            return new Versions(all, latest(all.values()));
        });
    }

    /** The highest version that is not a pre-release, or the highest when there are only pre-releases. */
    private static Manifest latest(Collection<Manifest> ascending) {
        Manifest highest = null;
        Manifest highestStable = null;
        for (var manifest : ascending) {
            highest = manifest;
            if (new Semver(manifest.version()).getPreRelease().isEmpty()) {
                highestStable = manifest;
            }
        }
        return highestStable == null ? highest : highestStable;
    }

    Optional<Manifest> version(String name, String version) {
        return Optional.ofNullable(functions.get(name))
                .flatMap(versions -> Optional.ofNullable(versions.all().get(version)));
    }

    Optional<Manifest> latest(String name) {
        return Optional.ofNullable(functions.get(name)).map(Versions::latest);
    }

    boolean has(String name) {
        return functions.containsKey(name);
    }

    List<String> names() {
        var names = new ArrayList<>(functions.keySet());
        names.sort(Comparator.naturalOrder());
        return names;
    }

    Optional<Manifest> anyWith(Digest digest) {
        return functions.values().stream()
                .flatMap(versions -> versions.all().values().stream())
                .filter(manifest -> manifest.digest().equals(digest))
                .findAny();
    }
}
