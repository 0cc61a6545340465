package dev.photon.registry;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.PartitionTail;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.ViewPosition;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the functions of a region, and the copies of other regions' beside them, into one table: each log on a thread of
 * its own, one batch of any of them at a time. Thread-safe.
 */
final class FunctionLogs implements AutoCloseable {
    private final String region;
    private final FunctionTable table;
    private final Scope scope;
    private final Runnable afterBatch;
    private final Quarantine quarantine;
    private final Malformed malformed = new Malformed();
    /** By region, whose functions are read. */
    private final Map<String, Progress> progress = new HashMap<>();

    private final List<FunctionView.Listener> listeners = new CopyOnWriteArrayList<>();
    private final LongAdder applied = new LongAdder();
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

    /**
     * Begins to read.
     *
     * @param scope the other records are passed over
     * @param afterBatch runs on the reading thread, when all of a batch is in the table
     */
    FunctionLogs(
            RegionConfig region, String instance, Clock clock, FunctionTable table, Scope scope, Runnable afterBatch) {
        this.region = region.name();
        this.table = table;
        this.scope = scope;
        this.afterBatch = afterBatch;
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

    /** Completes when all that was committed before is in the table. */
    CompletableFuture<Void> ready() {
        return ready;
    }

    void listen(FunctionView.Listener listener) {
        listeners.add(listener);
    }

    /** The next offset of the region's own log to be read. */
    long position() {
        return progress.get(region).position();
    }

    /** From where on a reader has what was found, which a region deployed. To be asked after the table was. */
    ViewPosition bound(String origin) {
        // Written before the table, and read after it.
        var own = progress.get(region).bound();
        return origin.equals(region)
                ? ViewPosition.of(own)
                : new ViewPosition(own, origin, progress.get(origin).bound());
    }

    /** Completes when the region's own log was read so far. */
    CompletableFuture<Void> await(long wanted) {
        return progress.get(region).await(wanted);
    }

    /** Completes when the logs were read so far. */
    CompletableFuture<Void> await(ViewPosition wanted) {
        var own = await(wanted.own());
        var copy = progress.get(wanted.origin());
        // Without one, of a region that was taken out of the configuration, there is nothing to wait for.
        return copy == null ? own : CompletableFuture.allOf(own, copy.await(wanted.copied()));
    }

    /** How many states there were. */
    long applied() {
        return applied.sum();
    }

    /** How many states are held back because their region's clock is ahead of ours. */
    int quarantined() {
        return quarantine.size();
    }

    /** How many records were skipped because they are no state. */
    long malformedRecords() {
        return malformed.count();
    }

    synchronized void read(String origin, Iterable<ConsumerRecord<byte[], byte[]>> batch, long next) {
        progress.get(origin).begin(next);
        for (var source : batch) {
            if (scope.includes(source.key())) {
                read(origin, source);
            }
        }
        quarantine.release(this::apply);
        table.route();
        progress.get(origin).reached(next);
        afterBatch.run();
    }

    private void read(String origin, ConsumerRecord<byte[], byte[]> source) {
        switch (scope.decode(source)) {
            case Decoded.Valid<Stamped> valid -> read(origin, source, valid.value());
            case Decoded.Malformed<Stamped> odd -> malformed.skipped(source, odd.reason());
        }
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
