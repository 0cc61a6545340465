package dev.photon.ingress;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.LogCodec;
import dev.photon.protocol.LogLevel;
import dev.photon.protocol.LogLine;
import dev.photon.protocol.RegionConfig;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Finds log lines on {@code photon.logs} by its index of times. Thread-safe. */
final class LogReader {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How far lines may be out of the order of their times: executors' clocks, and sends that were tried again. */
    private static final Duration DISORDER = Duration.ofMinutes(1);

    private static final int MAX_CHARACTERS = 4 << 20;
    private static final Duration POLL = Duration.ofMillis(200);

    private final RegionConfig region;

    LogReader(RegionConfig region) {
        this.region = region;
    }

    /**
     * Which lines.
     *
     * @param start milliseconds since 1970, inclusive
     * @param end exclusive
     * @param lines the most that are wanted
     * @param ascending the oldest of the time first, instead of the newest
     * @param least the least severe level
     */
    record Query(
            long start,
            long end,
            int lines,
            boolean ascending,
            LogLevel least,
            Optional<String> region,
            Optional<String> instance,
            Optional<String> function,
            Optional<String> version,
            Optional<String> executionId) {

        private boolean wants(LogLine line) {
            return line.timestamp() >= start
                    && line.timestamp() < end
                    && line.level().isKeptAt(least)
                    && matches(region, line.region())
                    && matches(instance, line.instance())
                    && matches(function, line.function())
                    && matches(version, line.version())
                    && matches(executionId, line.executionId());
        }

        private static boolean matches(Optional<String> wanted, String found) {
            return wanted.isEmpty() || wanted.get().equals(found);
        }

        private Comparator<Found> order() {
            var byTime = Comparator.<Found>comparingLong(found -> found.line().timestamp())
                    .thenComparingLong(Found::offset);
            return ascending ? byTime : byTime.reversed();
        }
    }

    /**
     * @param offset orders the lines of one millisecond, as far as they are of one function
     */
    private record Found(LogLine line, long offset) {}

    /**
     * What was found.
     *
     * @param complete false when the time was not enough to look at all lines, or the lines were too long to keep all
     */
    record Answer(List<LogLine> lines, boolean complete) {}

    /** The lines in the order that is asked for. Blocks while it reads, for about 20 s at most. */
    Answer read(Query query) {
        // Its head is the first to go when there are too many.
        var found = new PriorityQueue<Found>(query.order().reversed());
        var length = 0;
        var complete = true;
        var settings = Map.of(
                "auto.offset.reset", "earliest",
                "max.poll.records", "5000",
                "request.timeout.ms", "4000",
                "default.api.timeout.ms", "5000");
        try (var consumer = region.kafka().consumer("logs", settings)) {
            var ends = seek(consumer, query);
            var until = System.nanoTime() + PATIENCE.toNanos();
            while (!reached(consumer, ends) && System.nanoTime() - until < 0) {
                for (var source : consumer.poll(POLL)) {
                    if (LogCodec.decode(source) instanceof Decoded.Valid<LogLine> valid && query.wants(valid.value())) {
                        found.add(new Found(valid.value(), source.offset()));
                        length += valid.value().message().length();
                        complete &= length <= MAX_CHARACTERS;
                        while (found.size() > query.lines() || length > MAX_CHARACTERS) {
                            length -= found.remove().line().message().length();
                        }
                    }
                }
            }
            complete &= reached(consumer, ends);
        }
        var lines = found.stream().sorted(query.order()).map(Found::line).toList();
        return new Answer(lines, complete);
    }

    /** To the first line of the time, in every partition that has one; and says where each ends now. */
    private Map<TopicPartition, Long> seek(KafkaConsumer<byte[], byte[]> consumer, Query query) {
        var times = new HashMap<TopicPartition, Long>();
        partitions(consumer, query).forEach(partition -> times.put(partition, query.start()));
        var ends = new HashMap<>(consumer.endOffsets(times.keySet()));
        var starts = consumer.offsetsForTimes(times);
        times.replaceAll((partition, start) -> query.end() + DISORDER.toMillis());
        consumer.offsetsForTimes(times).forEach((partition, after) -> {
            if (after != null) {
                ends.merge(partition, after.offset(), Math::min);
            }
        });
        ends.keySet().removeIf(partition -> starts.get(partition) == null);
        consumer.assign(ends.keySet());
        ends.keySet()
                .forEach(partition ->
                        consumer.seek(partition, starts.get(partition).offset()));
        return ends;
    }

    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, Query query) {
        var topic = region.topics().logs();
        var count = consumer.partitionsFor(topic).size();
        return query.function().isPresent()
                ? List.of(new TopicPartition(
                        topic, LogCodec.partition(query.function().get(), count)))
                : IntStream.range(0, count)
                        .mapToObj(number -> new TopicPartition(topic, number))
                        .toList();
    }

    private static boolean reached(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }
}
