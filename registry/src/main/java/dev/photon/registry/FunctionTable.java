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
import java.util.function.UnaryOperator;

/** The functions and keys known so far, in memory. One thread applies; any thread reads. */
final class FunctionTable {
    /** A function is there while it has a version; its history remains. */
    private record Function(
            Map<String, Manifest> versions, Optional<Manifest> latest, Map<String, Alias> aliases, History history) {

        static Function named(String name) {
            return new Function(Map.of(), Optional.empty(), Map.of(), History.none(name));
        }

        boolean isThere() {
            return !versions.isEmpty();
        }

        /** The highest version that is not a pre-release, or the highest when there are only pre-releases. */
        private static final Comparator<String> STABLE_FIRST = Comparator.<String>comparingInt(
                        version -> Versions.isPreRelease(version) ? 0 : 1)
                .thenComparing(Versions.PRECEDENCE);

        Function with(Manifest version) {
            var changed = FunctionTable.with(versions, version.version(), version);
            return new Function(
                    changed, wouldBeLatest(version.version()) ? Optional.of(version) : latest, aliases, history);
        }

        boolean wouldBeLatest(String version) {
            return latest.filter(before -> STABLE_FIRST.compare(before.version(), version) > 0)
                    .isEmpty();
        }

        Function without(String version) {
            var changed = FunctionTable.without(versions, version);
            return new Function(changed, highest(changed.values()), aliases, history);
        }

        private static Optional<Manifest> highest(Collection<Manifest> versions) {
            return versions.stream().max(Comparator.comparing(Manifest::version, STABLE_FIRST));
        }

        Function withAliases(Map<String, Alias> changed) {
            return new Function(versions, latest, changed, history);
        }

        Function with(History changed) {
            return new Function(versions, latest, aliases, changed);
        }
    }

    private final Map<String, Function> functions = new ConcurrentHashMap<>();
    private final Map<String, ApiKey> keys = new ConcurrentHashMap<>();
    private final Map<String, Secret> secrets = new ConcurrentHashMap<>();
    private final Map<Digest, Condemned> condemned = new ConcurrentHashMap<>();
    private volatile RouteTable routes = RouteTable.EMPTY;
    private boolean rerouted;

    /** What it says of routes counts when they are {@linkplain #route laid again}. */
    void apply(State state) {
        switch (state) {
            case State.Version version -> {
                var manifest = version.manifest();
                change(manifest.name(), before -> before.with(manifest));
            }
            case State.NoVersion gone -> change(gone.function(), before -> before.without(gone.version()));
            case State.Aliased aliased -> {
                var alias = aliased.alias();
                change(alias.function(), before -> before.withAliases(with(before.aliases(), alias.name(), alias)));
            }
            case State.NoAlias gone ->
                change(gone.function(), before -> before.withAliases(without(before.aliases(), gone.alias())));
            case State.Key key -> keys.put(key.apiKey().id(), key.apiKey());
            case State.NoKey gone -> keys.remove(gone.id());
            case State.Condemnation condemnation ->
                condemned.put(condemnation.artifact().digest(), condemnation.artifact());
            case State.NoCondemnation gone -> condemned.remove(gone.digest());
            case State.Sealed sealed -> secrets.put(sealed.secret().name(), sealed.secret());
            case State.NoSecret gone -> secrets.remove(gone.name());
            case State.Past past -> change(past.history().function(), before -> before.with(past.history()));
        }
    }

    private void change(String name, UnaryOperator<Function> change) {
        var before = function(name);
        var after = change.apply(before);
        functions.put(name, after);
        rerouted |= !routes(before.latest()).equals(routes(after.latest()));
    }

    private static List<Route> routes(Optional<Manifest> latest) {
        return latest.map(Manifest::routes).orElse(List.of());
    }

    /** Lays the routes again where they changed: once for many states. */
    void route() {
        if (rerouted) {
            routes = RouteTable.of(latest());
            rerouted = false;
        }
    }

    /** Where the latest versions are found. */
    RouteTable routes() {
        return routes;
    }

    /** The latest version of every function, by name. */
    List<Manifest> latest() {
        return functions.values().stream()
                .flatMap(function -> function.latest().stream())
                .sorted(Comparator.comparing(Manifest::name))
                .toList();
    }

    private static <T> Map<String, T> with(Map<String, T> before, String key, T value) {
        var after = new HashMap<>(before);
        after.put(key, value);
        return after;
    }

    private static <T> Map<String, T> without(Map<String, T> before, String key) {
        var after = new HashMap<>(before);
        after.remove(key);
        return after;
    }

    private Function function(String name) {
        var known = functions.get(name);
        return known == null ? Function.named(name) : known;
    }

    Optional<Manifest> version(String name, String version) {
        return Optional.ofNullable(function(name).versions().get(version));
    }

    Optional<Manifest> latest(String name) {
        return function(name).latest();
    }

    Optional<Alias> alias(String name, String alias) {
        return Optional.ofNullable(function(name).aliases().get(alias));
    }

    /** All versions, the lowest first. */
    List<Manifest> versions(String name) {
        var versions = new ArrayList<>(function(name).versions().values());
        versions.sort(Comparator.comparing(Manifest::version, Versions.PRECEDENCE));
        return versions;
    }

    /** All aliases, by name. */
    List<Alias> aliases(String name) {
        var aliases = new ArrayList<>(function(name).aliases().values());
        aliases.sort(Comparator.comparing(Alias::name));
        return aliases;
    }

    History history(String name) {
        return function(name).history();
    }

    /** Whether that version is the latest once it is there. */
    boolean wouldBeLatest(String name, String version) {
        return function(name).wouldBeLatest(version);
    }

    Optional<Manifest> latestWithout(String name, String version) {
        return function(name).without(version).latest();
    }

    boolean has(String name) {
        return function(name).isThere();
    }

    List<String> names() {
        return functions.entrySet().stream()
                .filter(entry -> entry.getValue().isThere())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** A live view. */
    Map<String, ApiKey> keys() {
        return Collections.unmodifiableMap(keys);
    }

    /** A live view. */
    Map<String, Secret> secrets() {
        return Collections.unmodifiableMap(secrets);
    }

    /** A live view. */
    Map<Digest, Condemned> condemned() {
        return Collections.unmodifiableMap(condemned);
    }

    /** All versions that need this content. */
    List<Manifest> with(Digest digest) {
        return functions.values().stream()
                .flatMap(function -> function.versions().values().stream())
                .filter(manifest -> manifest.artifacts()
                        .anyMatch(artifact -> artifact.digest().equals(digest)))
                .toList();
    }
}
