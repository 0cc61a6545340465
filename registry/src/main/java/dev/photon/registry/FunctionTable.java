package dev.photon.registry;

import dev.photon.protocol.Digest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The functions known so far, in memory. One thread adds; any thread reads. */
final class FunctionTable {

    private record Function(Map<String, Manifest> versions, Manifest latest) {}

    private final Map<String, Function> functions = new ConcurrentHashMap<>();

    /** Adds a version, which must be one that {@link Versions#isValid}. */
    void add(Manifest manifest) {
        functions.compute(manifest.name(), (name, before) -> {
            var versions = new HashMap<String, Manifest>();
            if (before != null) {
                versions.putAll(before.versions());
            }
            versions.put(manifest.version(), manifest);
            return new Function(versions, latest(versions.values()));
        });
    }

    /** The highest version that is not a pre-release, or the highest when there are only pre-releases. */
    private static Manifest latest(Collection<Manifest> versions) {
        var stableFirst = Comparator.<Manifest>comparingInt(
                        manifest -> Versions.isPreRelease(manifest.version()) ? 0 : 1)
                .thenComparing(Manifest::version, Versions.PRECEDENCE);
        return Collections.max(versions, stableFirst);
    }

    Optional<Manifest> version(String name, String version) {
        return Optional.ofNullable(functions.get(name))
                .flatMap(function -> Optional.ofNullable(function.versions().get(version)));
    }

    Optional<Manifest> latest(String name) {
        return Optional.ofNullable(functions.get(name)).map(Function::latest);
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
                .flatMap(function -> function.versions().values().stream())
                .filter(manifest -> manifest.digest().equals(digest))
                .findAny();
    }
}
