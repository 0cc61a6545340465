package dev.photon.registry;

import dev.photon.protocol.Digest;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.ViewPosition;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A live, read-only copy of {@code photon.functions}, and of the copies of other regions' beside it. A thread for each
 * reads from the start, only what was committed, and goes on reading; every method may be called from any thread and
 * none blocks, except {@link #close}.
 */
public final class FunctionView implements AutoCloseable {
    /** Is told what changes after the view was ready, by the view's threads, which must not be held up. */
    public interface Listener {
        /** The version can be run here from now on. */
        default void deployed(Manifest manifest) {}

        /** The version cannot be run here any more; the view has forgotten it already. */
        default void deleted(String function, String version) {}

        /** No version has this content any more. */
        default void unnamed(Digest digest) {}
    }

    private final String region;
    private final FunctionTable table;
    private final AwaitedContents contents;
    private final FunctionLogs logs;

    public FunctionView(RegionConfig region, String instance) {
        this(region, instance, Scope.ALL);
    }

    private FunctionView(RegionConfig region, String instance, Scope scope) {
        this.region = region.name();
        this.table = new FunctionTable(region.name());
        this.contents = new AwaitedContents(table);
        this.logs = new FunctionLogs(region, instance, Clock.systemUTC(), table, scope, contents::look);
    }

    /** One that knows which content versions need and where it lies, and nothing else of them, nor anything of others. */
    public static FunctionView ofContents(RegionConfig region, String instance) {
        return new FunctionView(region, instance, Scope.CONTENTS);
    }

    /** Whose view it is. */
    public String region() {
        return region;
    }

    /** Completes when the view has everything that was committed before it was opened. */
    public CompletableFuture<Void> ready() {
        return logs.ready();
    }

    /** From now on it is told; it hears of nothing that was read before. */
    public void listen(Listener listener) {
        logs.listen(listener);
    }

    /**
     * What the name and version stand for now, for one invocation.
     *
     * @param version a version or an alias; empty for the latest
     * @param draw an invocation's id, which draws among the versions of an alias
     */
    public Resolution resolve(String name, Optional<String> version, Supplier<String> draw) {
        var function = table.function(name);
        if (version.isEmpty()) {
            return function.latest().map(this::found).orElseGet(() -> new Resolution.NoFunction(name));
        }
        var wanted = version.get();
        var exact = Optional.ofNullable(function.versions().get(wanted));
        if (exact.isPresent()) {
            return found(exact.get());
        }
        var alias = function.alias(wanted);
        if (alias.isPresent()) {
            return alias.get()
                    .versionFor(draw.get(), function.versions()::containsKey)
                    .map(drawn -> found(function.versions().get(drawn)))
                    .orElseGet(() -> new Resolution.NoneLeft(name, wanted));
        }
        return function.isThere() ? new Resolution.NoVersion(name, wanted) : new Resolution.NoFunction(name);
    }

    private Resolution found(Deployed deployed) {
        var manifest = deployed.manifest();
        if (!deployed.isHere()) {
            return new Resolution.NotHere(manifest, deployed.origin(), deployed.presence() == Deployed.Presence.COMING);
        }
        return new Resolution.Found(manifest, logs.bound(deployed.origin()));
    }

    /** Completes, on any thread, when the view has read up to this position of {@code photon.functions}. */
    public CompletableFuture<Void> awaitPosition(long wanted) {
        return logs.await(wanted);
    }

    /** Completes, on any thread, when the view has read so far. */
    public CompletableFuture<Void> awaitPosition(ViewPosition wanted) {
        return logs.await(wanted);
    }

    /** Completes, on any thread, when the version is not coming any more: it is here, or it was deleted. */
    public CompletableFuture<Void> awaitContent(Manifest manifest) {
        return contents.await(manifest);
    }

    /** The names of all functions, in order. */
    public List<String> names() {
        return table.names();
    }

    /** Whether the function has a version. */
    public boolean has(String name) {
        return table.has(name);
    }

    public boolean has(String name, String version) {
        return table.version(name, version).isPresent();
    }

    /** All versions of a function, the lowest first; empty when there is no such function. */
    public List<Manifest> versions(String name) {
        return table.versions(name);
    }

    public Optional<Manifest> version(String name, String version) {
        return table.version(name, version);
    }

    /** The same, and how this region has it. */
    public Optional<Deployed> deployed(String name, String version) {
        return Optional.ofNullable(table.function(name).versions().get(version));
    }

    public Optional<Manifest> latest(String name) {
        return table.latest(name);
    }

    /** Where the latest versions are found, beside their names. */
    public RouteTable routes() {
        return table.routes();
    }

    /** The latest version of every function, by name. */
    public List<Manifest> latest() {
        return table.latest();
    }

    boolean wouldBeLatest(String name, String version) {
        return table.function(name).wouldBeLatest(version);
    }

    Optional<Manifest> latestWithout(String name, String version) {
        return table.function(name).latestWithout(version).map(Deployed::manifest);
    }

    /** What regions said of a version, which holds or not. */
    Register<Manifest> said(String name, String version) {
        return table.function(name).version(version);
    }

    /** The regions that deployed other content under the version that holds, in the order of their names. */
    public List<String> conflicting(String name, String version) {
        return table.function(name).conflicting(version).stream()
                .map(Register.Said::origin)
                .sorted()
                .toList();
    }

    /** How many versions were deployed with different content in several regions. */
    public int conflicts() {
        return table.conflicts();
    }

    public Optional<Alias> alias(String name, String alias) {
        return table.function(name).alias(alias);
    }

    /** All aliases of a function, by name. */
    public List<Alias> aliases(String name) {
        return table.function(name).aliases();
    }

    /** What changed about a function, also one that is not there any more; without entries when it never was. */
    public History history(String name) {
        return table.function(name).history();
    }

    /** What changed about it by decisions of this region. */
    History ownHistory(String name) {
        return table.function(name).history(region);
    }

    public Optional<ApiKey> key(String id) {
        return Optional.ofNullable(table.keys().get(id));
    }

    /** All keys, as they are at any moment. */
    public Collection<ApiKey> keys() {
        return table.keys().values();
    }

    public Optional<Secret> secret(String name) {
        return Optional.ofNullable(table.secrets().get(name));
    }

    /** All secrets, as they are at any moment. */
    public Collection<Secret> secrets() {
        return table.secrets().values();
    }

    /**
     * What runs functions for records of topics, by function and topic: of the latest versions, those that run here and
     * whose position is known, paused ones included.
     */
    public List<Trigger> triggers() {
        return table.triggers();
    }

    /** Where this region is in topics, whether or not a version asks for it. */
    TriggerPositions positions() {
        return table.positions();
    }

    /** The topics that are declared in this region for publishers to call functions through, by name. */
    public List<EntryTopic> entries() {
        return table.entries().all();
    }

    public Optional<EntryTopic> entry(String name) {
        return table.entries().of(name);
    }

    /** How many have ended: whoever sees the same number again has missed none. */
    long endedEntries() {
        return table.entries().ended();
    }

    /** The next offset of {@code photon.functions} to be read. */
    public long position() {
        return logs.position();
    }

    /** How many states there were: whoever sees the same number again has missed nothing. */
    public long read() {
        return logs.applied();
    }

    /** The highest stamp that was read. */
    long latestStamp() {
        return table.latestStamp();
    }

    /**
     * How much is known of what a region shares with others: grows with each change there, and means the same wherever
     * it is asked for; 0 for nothing.
     */
    public long known(String origin) {
        return table.latestStamp(origin);
    }

    /** What was last wished of a region, by an operator of any. */
    public Optional<RegionState> wished(String name) {
        return table.wished(name);
    }

    /** Whether new calls of a region are to go to others. */
    public boolean isDraining(String name) {
        return wished(name).filter(RegionState::draining).isPresent();
    }

    /** How many states are held back because their region's clock is ahead of ours. */
    public int quarantined() {
        return logs.quarantined();
    }

    /**
     * What is needed here and does not lie here yet.
     *
     * @param origin the region that has it
     * @param artifact as it lies there
     */
    public record Absent(String origin, Artifact artifact) {}

    /** All that is needed here and does not lie here, each content once. */
    public List<Absent> absent() {
        var absent = new HashMap<Digest, Absent>();
        table.coming()
                .forEach(deployed -> deployed.manifest()
                        .artifacts()
                        .filter(artifact -> table.placed(artifact.digest()).isEmpty())
                        .forEach(artifact ->
                                absent.putIfAbsent(artifact.digest(), new Absent(deployed.origin(), artifact))));
        return List.copyOf(absent.values());
    }

    /** How many records were skipped because they are no state. */
    public long malformedRecords() {
        return logs.malformedRecords();
    }

    /** All versions that run here and need this content. */
    List<Manifest> with(Digest digest) {
        return table.with(digest);
    }

    /** All content that versions need that run here. */
    Set<Digest> needed() {
        return table.needed();
    }

    /** Where the content lies here, as versions that were deployed here or copied say. */
    Optional<Artifact> local(Digest digest) {
        return table.placed(digest).or(() -> table.own(digest));
    }

    /** What was deployed elsewhere and lies here, as it is at any moment. */
    List<Artifact> placed() {
        return table.placed().toList();
    }

    /** The versions that were deployed here and deleted by others. */
    List<Register.Said<Manifest>> deletedByOthers() {
        return table.deletedByOthers();
    }

    Optional<Condemned> condemned(Digest digest) {
        return Optional.ofNullable(table.condemned().get(digest));
    }

    /** All artifacts that no version names, as they are at any moment. */
    Collection<Condemned> condemned() {
        return table.condemned().values();
    }

    /** As the reading thread of a log does. */
    void read(String origin, Iterable<ConsumerRecord<byte[], byte[]>> batch, long next) {
        logs.read(origin, batch, next);
    }

    @Override
    public void close() {
        logs.close();
    }
}
