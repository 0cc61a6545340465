package dev.photon.executor;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * How much waits in the partitions that this executor has. Thread-safe, never blocks.
 *
 * <p>Their ends are asked of the brokers, and not taken from the consumer: that knows the end it last fetched with, and
 * fetches nothing of a partition that is paused because its window is full, just when most waits. What is not known is
 * NaN, never zero.
 */
final class Backlog implements AutoCloseable {
    private final Admin admin;
    private final Supplier<List<RecordLoop>> loops;
    private final MultiGauge lag;
    private final MultiGauge unfinished;
    private final Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();

    /**
     * @param admin not closed with this; what it cannot ask within its time-out becomes unknown
     * @param loops those that consume, as they are at any moment
     * @param prefix of the gauges' names
     * @param tags of all gauges
     */
    Backlog(Admin admin, Supplier<List<RecordLoop>> loops, MeterRegistry meters, String prefix, Tags tags) {
        this.admin = admin;
        this.loops = loops;
        this.lag = MultiGauge.builder(prefix + ".lag")
                .tags(tags)
                .description("Records of a partition that were not taken yet")
                .register(meters);
        this.unfinished = MultiGauge.builder(prefix + ".unfinished")
                .tags(tags)
                .description("Records of a partition that were taken and are not finished")
                .register(meters);
    }

    /** Asks for the ends, and has a series for each partition that is ours now. Not to be called at once by several. */
    void refresh() {
        var ours = new HashSet<TopicPartition>();
        loops.get().forEach(loop -> ours.addAll(loop.partitions()));
        ends.keySet().retainAll(ours);
        register(lag, ours, this::lag);
        register(unfinished, ours, this::unfinished);
        if (!ours.isEmpty()) {
            ask(ours);
        }
    }

    private void ask(Set<TopicPartition> ours) {
        // As the consumers read: what is in an open transaction is not there for them.
        var options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        var latest = ours.stream().collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        var asked = admin.listOffsets(latest, options);
        for (var partition : ours) {
            asked.partitionResult(partition).whenComplete((end, failure) -> {
                if (failure == null) {
                    ends.put(partition, end.offset());
                } else {
                    ends.remove(partition);
                }
            });
        }
    }

    private static void register(
            MultiGauge gauge, Set<TopicPartition> partitions, ToDoubleFunction<TopicPartition> value) {
        gauge.register(partitions.stream()
                .map(partition -> MultiGauge.Row.of(labels(partition), partition, value))
                .toList());
    }

    private static Tags labels(TopicPartition partition) {
        return Tags.of("topic", partition.topic(), "partition", Integer.toString(partition.partition()));
    }

    private double lag(TopicPartition partition) {
        var end = ends.get(partition);
        var position = loops.get().stream()
                .map(loop -> loop.position(partition))
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .max();
        return end == null || position.isEmpty() ? Double.NaN : Math.max(0, end - position.getAsLong());
    }

    private double unfinished(TopicPartition partition) {
        return loops.get().stream().mapToInt(loop -> loop.unfinished(partition)).sum();
    }

    /** Takes all series away. */
    @Override
    public void close() {
        register(lag, Set.of(), this::lag);
        register(unfinished, Set.of(), this::unfinished);
    }
}
