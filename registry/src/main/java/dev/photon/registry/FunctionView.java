package dev.photon.registry;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.PartitionTail;
import dev.photon.protocol.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A live, read-only copy of {@code photon.functions}. Its own thread reads the log from the start, only what was
 * committed, and goes on reading; every method may be called from any thread and none blocks, except {@link #close}.
 */
public final class FunctionView implements AutoCloseable {
    /** Is told what changes after the view was ready, by the view's thread, which must not be held up. */
    public interface Listener {
        default void deployed(Manifest manifest) {}

        /** The version is not there any more; the view has forgotten it already. */
        default void deleted(String function, String version) {}

        /** No version has this content any more. */
        default void unnamed(Digest digest) {}
    }

    private final FunctionTable table = new FunctionTable();
    private final Malformed malformed = new Malformed();
    private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> waiting = new ConcurrentSkipListMap<>();
    private final PartitionTail tail;
    private volatile long position;
    /** Up to where what is found may be: beyond the position while a batch is being read. */
    private volatile long bound;

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    public FunctionView(KafkaConnection kafka, Topics topics, String instance) {
        var partition = new TopicPartition(topics.functions(), 0);
        this.tail =
                PartitionTail.open(kafka, "function-view-" + instance, partition, PartitionTail.From.START, this::read);
    }

    /** Completes when the view has everything that was committed before it was opened. */
    public CompletableFuture<Void> ready() {
        return tail.caughtUp();
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
        var found = version.isPresent()
                ? table.version(name, version.get()).or(() -> aliased(name, version.get(), draw))
                : table.latest(name);
        if (found.isPresent()) {
            // Read after the table, and written before it: whoever has read so far has what was found.
            return new Resolution.Found(found.get(), bound);
        }
        return version.isPresent() && table.has(name)
                ? new Resolution.NoVersion(name, version.get())
                : new Resolution.NoFunction(name);
    }

    private Optional<Manifest> aliased(String name, String alias, Supplier<String> draw) {
        return table.alias(name, alias).flatMap(found -> table.version(name, found.versionFor(draw.get())));
    }

    /** Completes, on any thread, when the view has read up to this position of {@code photon.functions}. */
    public CompletableFuture<Void> awaitPosition(long wanted) {
        if (position >= wanted) {
            return CompletableFuture.completedFuture(null);
        }
        var waiter = waiting.computeIfAbsent(wanted, at -> new CompletableFuture<>());
        if (position >= wanted) {
            // The reader may have passed between the check and the registration.
            waiter.complete(null);
        }
        return waiter.copy();
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
        return table.wouldBeLatest(name, version);
    }

    Optional<Manifest> latestWithout(String name, String version) {
        return table.latestWithout(name, version);
    }

    public Optional<Alias> alias(String name, String alias) {
        return table.alias(name, alias);
    }

    /** All aliases of a function, by name. */
    public List<Alias> aliases(String name) {
        return table.aliases(name);
    }

    /** What changed about a function, also one that is not there any more; without entries when it never was. */
    public History history(String name) {
        return table.history(name);
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
        return position;
    }

    /** How many records were skipped because they are no state. */
    public long malformedRecords() {
        return malformed.count();
    }

    /** All versions that need this content. */
    List<Manifest> with(Digest digest) {
        return table.with(digest);
    }

    Optional<Condemned> condemned(Digest digest) {
        return Optional.ofNullable(table.condemned().get(digest));
    }

    /** All artifacts that no version names, as they are at any moment. */
    Collection<Condemned> condemned() {
        return table.condemned().values();
    }

    void read(Iterable<ConsumerRecord<byte[], byte[]>> batch, long next) {
        bound = next;
        for (var source : batch) {
            switch (StateCodec.decode(source)) {
                case Decoded.Valid<State> valid -> {
                    table.apply(valid.value());
                    if (tail.caughtUp().isDone()) {
                        listeners.forEach(there -> tell(there, valid.value()));
                    }
                }
                case Decoded.Malformed<State> odd -> malformed.skipped(source, odd.reason());
            }
        }
        table.route();
        position = next;
        var reached = waiting.headMap(next, true);
        reached.values().forEach(waiter -> waiter.complete(null));
        reached.clear();
    }

    private static void tell(Listener listener, State state) {
        if (state instanceof State.Version version) {
            listener.deployed(version.manifest());
        } else if (state instanceof State.NoVersion gone) {
            listener.deleted(gone.function(), gone.version());
        } else if (state instanceof State.Condemnation condemnation) {
            listener.unnamed(condemnation.artifact().digest());
        }
    }

    @Override
    public void close() {
        tail.close();
    }
}
