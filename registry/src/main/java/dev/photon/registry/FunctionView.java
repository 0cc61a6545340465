package dev.photon.registry;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.PartitionTail;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.ViewPosition;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

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
    private final Quarantine quarantine;
    private final Malformed malformed = new Malformed();
    /** By region, whose functions are read. */
    private final Map<String, Progress> progress = new HashMap<>();

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final LongAdder applied = new LongAdder();
    private final Map<Coming, CompletableFuture<Void>> awaited = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    /** Under the lock, so that no state is in neither what listeners found nor what they are told. */
    private boolean telling;

    private final List<PartitionTail> tails;

    private final FunctionTable.Changes toListeners = new FunctionTable.Changes() {
        @Override
        public void came(Manifest manifest) {
            listeners.forEach(there -> there.deployed(manifest));
        }

        @Override
        public void went(String function, String version) {
            listeners.forEach(there -> there.deleted(function, version));
        }
    };

    public FunctionView(RegionConfig region, String instance) {
        this(region, instance, Clock.systemUTC());
    }

    FunctionView(RegionConfig region, String instance, Clock clock) {
        this.region = region.name();
        this.table = new FunctionTable(region.name());
        this.quarantine = new Quarantine(clock);
        var topics = new HashMap<String, String>();
        topics.put(region.name(), region.topics().functions());
        region.plan()
                .origins()
                .forEach(origin ->
                        topics.put(origin, region.topics().mirrored(origin).functions()));
        topics.keySet().forEach(origin -> progress.put(origin, new Progress()));
        this.tails = topics.entrySet().stream()
                .map(log -> PartitionTail.open(
                        region.kafka(),
                        "function-view-" + instance + "-" + log.getKey(),
                        new TopicPartition(log.getValue(), 0),
                        PartitionTail.From.START,
                        (batch, next) -> read(log.getKey(), batch, next)))
                .toList();
        CompletableFuture.allOf(tails.stream().map(PartitionTail::caughtUp).toArray(CompletableFuture<?>[]::new))
                .whenComplete((there, failure) -> {
                    if (failure == null) {
                        tellFromNowOn();
                        ready.complete(null);
                    } else {
                        ready.completeExceptionally(failure);
                    }
                });
    }

    private synchronized void tellFromNowOn() {
        telling = true;
    }

    /** Completes when the view has everything that was committed before it was opened. */
    public CompletableFuture<Void> ready() {
        return ready;
    }

    /** From now on it is told; it hears of nothing that was read before. */
    public void listen(Listener listener) {
        listeners.add(listener);
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
        // Read after the table, and written before it: whoever has read so far has what was found.
        var own = progress.get(region).bound();
        return new Resolution.Found(
                manifest,
                deployed.origin().equals(region)
                        ? ViewPosition.of(own)
                        : new ViewPosition(
                                own,
                                deployed.origin(),
                                progress.get(deployed.origin()).bound()));
    }

    /** Completes, on any thread, when the view has read up to this position of {@code photon.functions}. */
    public CompletableFuture<Void> awaitPosition(long wanted) {
        return progress.get(region).await(wanted);
    }

    /** Completes, on any thread, when the view has read so far. */
    public CompletableFuture<Void> awaitPosition(ViewPosition wanted) {
        var own = awaitPosition(wanted.own());
        var copy = progress.get(wanted.origin());
        // Without one, of a region that was taken out of the configuration, there is nothing to wait for.
        return copy == null ? own : CompletableFuture.allOf(own, copy.await(wanted.copied()));
    }

    private record Coming(String function, String version) {}

    /** Completes, on any thread, when the version is not coming any more: it is here, or it was deleted. */
    public CompletableFuture<Void> awaitContent(Manifest manifest) {
        var coming = new Coming(manifest.name(), manifest.version());
        var waiter = awaited.computeIfAbsent(coming, added -> new CompletableFuture<>());
        if (!isComing(coming)) {
            // It may have come between the caller's look and the registration.
            waiter.complete(null);
            awaited.remove(coming, waiter);
        }
        return waiter.copy();
    }

    private boolean isComing(Coming version) {
        return deployed(version.function(), version.version())
                .filter(deployed -> deployed.presence() == Deployed.Presence.COMING)
                .isPresent();
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

    /** The next offset of {@code photon.functions} to be read. */
    public long position() {
        return progress.get(region).position();
    }

    /** The next offset to be read of the copy of another region's functions. */
    public long position(String origin) {
        return progress.get(origin).position();
    }

    /** How many states there were: whoever sees the same number again has missed nothing. */
    public long read() {
        return applied.sum();
    }

    /** The highest stamp that was read. */
    long latestStamp() {
        return table.latestStamp();
    }

    /** How many states are held back because their region's clock is ahead of ours. */
    public int quarantined() {
        return quarantine.size();
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
        table.all()
                .filter(deployed -> deployed.presence() == Deployed.Presence.COMING)
                .forEach(deployed -> deployed.manifest()
                        .artifacts()
                        .filter(artifact -> table.placed(artifact.digest()).isEmpty())
                        .forEach(artifact ->
                                absent.putIfAbsent(artifact.digest(), new Absent(deployed.origin(), artifact))));
        return List.copyOf(absent.values());
    }

    /** How many records were skipped because they are no state. */
    public long malformedRecords() {
        return malformed.count();
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

    synchronized void read(String origin, Iterable<ConsumerRecord<byte[], byte[]>> batch, long next) {
        progress.get(origin).begin(next);
        for (var source : batch) {
            switch (StateCodec.decode(source)) {
                case Decoded.Valid<Stamped> valid -> read(origin, source, valid.value());
                case Decoded.Malformed<Stamped> odd -> malformed.skipped(source, odd.reason());
            }
        }
        quarantine.release(this::apply);
        table.route();
        progress.get(origin).reached(next);
        awaited.forEach((coming, waiter) -> {
            if (!isComing(coming)) {
                waiter.complete(null);
                awaited.remove(coming, waiter);
            }
        });
    }

    /** A state that nobody thought of must not end the reading of all others. */
    private void read(String origin, ConsumerRecord<byte[], byte[]> source, Stamped stamped) {
        try {
            if (origin.equals(region) || !quarantine.holds(origin, stamped)) {
                apply(origin, stamped);
            }
        } catch (RuntimeException e) {
            malformed.skipped(source, e.toString());
        }
    }

    private void apply(String origin, Stamped stamped) {
        if (telling) {
            table.apply(origin, stamped, toListeners);
            if (stamped.state() instanceof State.Condemnation condemnation && origin.equals(region)) {
                listeners.forEach(there -> there.unnamed(condemnation.artifact().digest()));
            }
        } else {
            table.apply(origin, stamped);
        }
        // Afterwards: whoever sees the number finds the state.
        applied.increment();
    }

    @Override
    public void close() {
        // At once, since each may take a moment.
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            tails.forEach(tail -> threads.execute(tail::close));
        }
    }
}
