package dev.photon.registry;

import dev.photon.protocol.Digest;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The functions and keys known so far, in memory, of all regions. One thread applies; any thread reads.
 *
 * <p>What holds depends on what each region said last alone, and not on the order in which it came: all regions that
 * have read the same see the same. Of one version with different contents the first to be deployed holds; a deletion
 * ends what its region knew of; of aliases and keys the last word counts.
 */
final class FunctionTable {
    private final String region;
    private final Map<String, FunctionEntry> functions = new ConcurrentHashMap<>();
    private final LastWords<ApiKey> keys = new LastWords<>();
    private final LastWords<RegionState> regions = new LastWords<>();
    /** By the region that said so, of what regions share. */
    private final Map<String, Long> latestStamps = new ConcurrentHashMap<>();

    private final Map<String, Secret> secrets = new ConcurrentHashMap<>();
    private final Map<Digest, Condemned> condemned = new ConcurrentHashMap<>();
    private final PlacedContent content;
    private final TriggerPositions positions = new TriggerPositions();
    private final EntryTopics entries = new EntryTopics();
    /** Versions whose content is on its way here. */
    private final Map<PlacedContent.Needing, Deployed> coming = new ConcurrentHashMap<>();

    /** By function and version, which regions deployed with different content. */
    private final Set<List<String>> conflicting = ConcurrentHashMap.newKeySet();

    private volatile RouteTable routes = RouteTable.EMPTY;
    private boolean rerouted;
    private volatile long latestStamp;

    /**
     * @param region whose table it is
     */
    FunctionTable(String region) {
        this.region = region;
        this.content = new PlacedContent(region);
    }

    void apply(String origin, Stamped stamped) {
        apply(origin, stamped, new Changes() {});
    }

    /** Is told which versions can be run here from now on, or not any more. */
    interface Changes {
        default void came(Manifest manifest) {}

        default void went(String function, String version) {}
    }

    /**
     * What it says of routes counts when they are {@linkplain #route laid again}. What is a region's own, such as its
     * secrets and where artifacts lie, is not taken of others, though a copy may have it.
     *
     * @param origin the region in whose log the state stands
     */
    void apply(String origin, Stamped stamped, Changes changes) {
        if (!origin.equals(region) && !stamped.state().isForAll()) {
            return;
        }
        latestStamp = Math.max(latestStamp, stamped.stamp().at());
        if (stamped.state().isForAll() && !(stamped.state() instanceof State.Erased)) {
            latestStamps.merge(origin, stamped.stamp().at(), Math::max);
        }
        switch (stamped.state()) {
            case State.Version version -> {
                var manifest = version.manifest();
                if (!origin.equals(region)) {
                    content.isNeededBy(manifest);
                }
                var entry = new Register.Entry<>(stamped.stamp(), Optional.of(manifest));
                changeVersion(manifest.name(), manifest.version(), changes, said -> said.with(origin, entry));
            }
            case State.NoVersion gone -> {
                var entry = new Register.Entry<Manifest>(stamped.stamp(), Optional.empty());
                changeVersion(gone.function(), gone.version(), changes, said -> said.with(origin, entry));
            }
            case State.Aliased aliased -> {
                var alias = aliased.alias();
                var entry = new Register.Entry<>(stamped.stamp(), Optional.of(alias));
                change(
                        alias.function(),
                        before -> before.withAlias(
                                alias.name(), before.aliasSaid(alias.name()).with(origin, entry)));
            }
            case State.NoAlias gone -> {
                var entry = new Register.Entry<Alias>(stamped.stamp(), Optional.empty());
                change(
                        gone.function(),
                        before -> before.withAlias(
                                gone.alias(), before.aliasSaid(gone.alias()).with(origin, entry)));
            }
            case State.Past past ->
                change(past.history().function(), before -> before.withHistory(origin, Optional.of(past.history())));
            case State.Key key ->
                keys.say(origin, key.apiKey().id(), new Register.Entry<>(stamped.stamp(), Optional.of(key.apiKey())));
            case State.NoKey gone ->
                keys.say(origin, gone.id(), new Register.Entry<>(stamped.stamp(), Optional.empty()));
            case State.Wished wished ->
                regions.say(
                        origin,
                        wished.region().region(),
                        new Register.Entry<>(stamped.stamp(), Optional.of(wished.region())));
            case State.Erased erased -> erase(origin, erased.key().split("/", -1), changes);
            case State.Copied how -> {}
            case State.Condemnation own -> condemned.put(own.artifact().digest(), own.artifact());
            case State.NoCondemnation own -> condemned.remove(own.digest());
            case State.Sealed own -> secrets.put(own.secret().name(), own.secret());
            case State.NoSecret own -> secrets.remove(own.name());
            case State.Triggered own -> positions.put(own.position());
            case State.NoTrigger own -> positions.remove(own.function(), own.topic());
            case State.Entry own -> entries.put(own.topic());
            case State.NoEntry own -> entries.remove(own.name());
            case State.Placed own -> {
                content.put(own.artifact(), stamped.stamp().millis());
                present(own.artifact().digest(), changes);
            }
            case State.NoPlaced own -> {
                content.remove(own.digest());
                present(own.digest(), changes);
            }
        }
    }

    private void erase(String origin, String[] key, Changes changes) {
        switch (key[0]) {
            case State.VERSION -> changeVersion(key[1], key[2], changes, said -> said.without(origin));
            case State.ALIAS ->
                change(
                        key[1],
                        before -> before.withAlias(
                                key[2], before.aliasSaid(key[2]).without(origin)));
            case State.HISTORY -> change(key[1], before -> before.withHistory(origin, Optional.empty()));
            case State.API_KEY -> keys.erase(origin, key[1]);
            case State.REGION -> regions.erase(origin, key[1]);
            default -> {}
        }
    }

    /** Versions of other regions, once what they need comes or goes. */
    private void present(Digest digest, Changes changes) {
        for (var version : content.needing(digest)) {
            changeVersion(version.function(), version.version(), changes, said -> said);
        }
    }

    private void changeVersion(String name, String version, Changes changes, UnaryOperator<Register<Manifest>> change) {
        var was = function(name).here(version);
        change(name, before -> before.withVersion(version, change.apply(before.version(version)), content::deployed));
        noteConflict(name, version);
        var now = Optional.ofNullable(function(name).versions().get(version));
        now.filter(deployed -> deployed.presence() == Deployed.Presence.COMING)
                .ifPresentOrElse(
                        deployed -> coming.put(new PlacedContent.Needing(name, version), deployed),
                        () -> coming.remove(new PlacedContent.Needing(name, version)));
        var is = now.filter(Deployed::isHere).map(Deployed::manifest);
        if (is.isPresent() && !is.equals(was)) {
            changes.came(is.get());
        } else if (is.isEmpty() && was.isPresent()) {
            changes.went(name, version);
        }
    }

    private void noteConflict(String name, String version) {
        if (function(name).conflicting(version).isEmpty()) {
            conflicting.remove(List.of(name, version));
        } else {
            conflicting.add(List.of(name, version));
        }
    }

    /** How many versions were deployed with different content in several regions. */
    int conflicts() {
        return conflicting.size();
    }

    private void change(String name, UnaryOperator<FunctionEntry> change) {
        var before = function(name);
        var after = change.apply(before);
        functions.put(name, after);
        rerouted |= !routes(before.latest()).equals(routes(after.latest()));
    }

    private static List<Route> routes(Optional<Deployed> latest) {
        return latest.map(deployed -> deployed.manifest().routes()).orElse(List.of());
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
                .map(Deployed::manifest)
                .sorted(Comparator.comparing(Manifest::name))
                .toList();
    }

    /** What is known of a function, or that nothing is. */
    FunctionEntry function(String name) {
        var known = functions.get(name);
        return known == null ? FunctionEntry.named(name) : known;
    }

    Optional<Manifest> version(String name, String version) {
        return Optional.ofNullable(function(name).versions().get(version)).map(Deployed::manifest);
    }

    Optional<Manifest> latest(String name) {
        return function(name).latest().map(Deployed::manifest);
    }

    /** All versions, the lowest first. */
    List<Manifest> versions(String name) {
        return function(name).versions().values().stream()
                .map(Deployed::manifest)
                .sorted(Comparator.comparing(Manifest::version, Versions.PRECEDENCE))
                .toList();
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
        return keys.all();
    }

    /** What was last wished of a region. */
    Optional<RegionState> wished(String name) {
        return Optional.ofNullable(regions.all().get(name));
    }

    /** A live view. */
    Map<String, Secret> secrets() {
        return Collections.unmodifiableMap(secrets);
    }

    /** A live view. */
    Map<Digest, Condemned> condemned() {
        return Collections.unmodifiableMap(condemned);
    }

    TriggerPositions positions() {
        return positions;
    }

    EntryTopics entries() {
        return entries;
    }

    /** Of latest versions that run here, with a known position. */
    List<Trigger> triggers() {
        return positions.all().stream()
                .flatMap(position -> trigger(position).stream())
                .toList();
    }

    private Optional<Trigger> trigger(TriggerPosition position) {
        var latest = function(position.function()).latest().filter(Deployed::isHere);
        return latest.map(Deployed::manifest)
                .flatMap(manifest ->
                        manifest.trigger(position.topic()).map(rule -> new Trigger(manifest, rule, position)));
    }

    /** What was deployed elsewhere and lies here; as it is at any moment. */
    Stream<Artifact> placed() {
        return content.all();
    }

    /** Where content that was deployed elsewhere lies here. */
    Optional<Artifact> placed(Digest digest) {
        return content.get(digest);
    }

    /** The highest that was read. */
    long latestStamp() {
        return latestStamp;
    }

    /** The highest that was read of what a region shares with others; 0 for none. */
    long latestStamp(String origin) {
        return latestStamps.getOrDefault(origin, 0L);
    }

    /** All versions that run here and need this content. */
    List<Manifest> with(Digest digest) {
        return running()
                .filter(manifest -> manifest.artifacts()
                        .anyMatch(artifact -> artifact.digest().equals(digest)))
                .toList();
    }

    /** All content that versions need that run here. */
    Set<Digest> needed() {
        return running().flatMap(Manifest::artifacts).map(Artifact::digest).collect(Collectors.toSet());
    }

    private Stream<Manifest> running() {
        return functions.values().stream()
                .flatMap(FunctionEntry::standing)
                .filter(manifest -> manifest.placement().includes(region));
    }

    /** Where the content lies, as a version that was deployed here says. */
    Optional<Artifact> own(Digest digest) {
        return ownSaid()
                .flatMap(said -> said.value().artifacts())
                .filter(artifact -> artifact.digest().equals(digest))
                .findFirst();
    }

    /** The versions that were deployed here, and that another region deleted. */
    List<Register.Said<Manifest>> deletedByOthers() {
        return functions.values().stream()
                .flatMap(function -> function.said().values().stream())
                .flatMap(register -> register.deletedByOthers(region).stream())
                .toList();
    }

    private Stream<Register.Said<Manifest>> ownSaid() {
        return functions.values().stream()
                .flatMap(function -> function.said().values().stream())
                .flatMap(register -> register.standing().stream())
                .filter(said -> said.origin().equals(region));
    }

    /** The versions that hold and whose content is on its way here; as it is at any moment. */
    Collection<Deployed> coming() {
        return Collections.unmodifiableCollection(coming.values());
    }
}
