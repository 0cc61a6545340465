package dev.photon.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds where reading begins.
 *
 * <pre>
 *  ends ─► begins and times
 * </pre>
 *
 * <p>The ends come first: where no record is as new as a time yet, reading begins at the end, and what is published
 * between the two questions must not be missed.
 */
final class FirstOffsets {
    /** The offsets of partitions, each of which may fail alone. */
    interface Asked {
        /** Of each; negative where no record is as new as a time. */
        Map<TopicPartition, Future<Long>> offsets(Set<TopicPartition> partitions, OffsetSpec which);
    }

    private final Map<TopicOffsets.Wanted, Integer> partitions;
    private final Asked asked;
    private final Map<TriggerRule.Start, Map<TopicPartition, Future<Long>>> found = new HashMap<>();

    /**
     * @param partitions how many each topic has
     */
    FirstOffsets(Map<TopicOffsets.Wanted, Integer> partitions, Asked asked) {
        this.partitions = partitions;
        this.asked = asked;
    }

    Map<TopicOffsets.Wanted, Learnt<List<Long>>> find() throws InterruptedException {
        var ends = new HashSet<TopicPartition>();
        var others = new HashMap<TriggerRule.Start, Set<TopicPartition>>();
        for (var wanted : partitions.keySet()) {
            switch (wanted.start()) {
                case TriggerRule.Start.Latest latest -> ends.addAll(of(wanted));
                case TriggerRule.Start.Earliest earliest ->
                    others.computeIfAbsent(earliest, added -> new HashSet<>()).addAll(of(wanted));
                case TriggerRule.Start.At at -> {
                    ends.addAll(of(wanted));
                    others.computeIfAbsent(at, added -> new HashSet<>()).addAll(of(wanted));
                }
            }
        }
        var latest = asked.offsets(ends, OffsetSpec.latest());
        for (var end : latest.values()) {
            Awaited.settled(end);
        }
        found.put(new TriggerRule.Start.Latest(), latest);
        others.forEach((start, wanted) -> found.put(start, asked.offsets(wanted, spec(start))));
        var starts = new HashMap<TopicOffsets.Wanted, Learnt<List<Long>>>();
        for (var wanted : partitions.keySet()) {
            starts.put(wanted, starts(wanted));
        }
        return starts;
    }

    private List<TopicPartition> of(TopicOffsets.Wanted wanted) {
        return partitions(wanted.topic(), partitions.get(wanted));
    }

    /** All of a topic, in order. */
    static List<TopicPartition> partitions(String topic, int count) {
        var all = new ArrayList<TopicPartition>();
        for (int number = 0; number < count; number++) {
            all.add(new TopicPartition(topic, number));
        }
        return all;
    }

    private static OffsetSpec spec(TriggerRule.Start start) {
        return switch (start) {
            case TriggerRule.Start.Latest latest -> OffsetSpec.latest();
            case TriggerRule.Start.Earliest earliest -> OffsetSpec.earliest();
            case TriggerRule.Start.At at -> OffsetSpec.forTimestamp(at.time().toEpochMilli());
        };
    }

    private Learnt<List<Long>> starts(TopicOffsets.Wanted wanted) throws InterruptedException {
        try {
            var starts = new ArrayList<Long>();
            for (var partition : of(wanted)) {
                var start = Awaited.of(found.get(wanted.start()).get(partition));
                starts.add(start >= 0 ? start : end(partition));
            }
            return new Learnt.Known<>(starts);
        } catch (KafkaException e) {
            return new Learnt.Unknown<>(Unread.topic(wanted.topic(), e));
        }
    }

    private long end(TopicPartition partition) throws InterruptedException {
        return Awaited.of(found.get(new TriggerRule.Start.Latest()).get(partition));
    }
}
