package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.photon.protocol.ErrorKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Where a trigger shall go on. */
sealed interface TriggerSeek {
    /**
     * The new first offsets, by partition.
     *
     * @throws Refused when the topic has no such place
     */
    List<Long> starts(TriggerPosition position, TopicOffsets offsets) throws Refused, InterruptedException;

    /** All partitions alike. */
    record To(TriggerRule.Start start) implements TriggerSeek {
        @Override
        public List<Long> starts(TriggerPosition position, TopicOffsets offsets) throws Refused, InterruptedException {
            var wanted = new TopicOffsets.Wanted(position.topic(), start);
            return required(offsets.starts(Set.of(wanted)).get(wanted).orRefuse(), position);
        }
    }

    /**
     * Some partitions; the others go on from their last commits, so nobody may be reading on from there now.
     *
     * @param offsetsBy partition
     */
    record ToOffsets(Map<Integer, Long> offsetsBy) implements TriggerSeek {
        @Override
        public List<Long> starts(TriggerPosition position, TopicOffsets offsets) throws Refused, InterruptedException {
            var bounds = required(offsets.bounds(position.topic()), position);
            for (var wanted : offsetsBy.entrySet()) {
                requireWithin(position.topic(), wanted.getKey(), wanted.getValue(), bounds);
            }
            var commits = offsetsBy.size() == bounds.size() ? Map.<Integer, Long>of() : lastCommits(position, offsets);
            var starts = new ArrayList<Long>();
            for (int partition = 0; partition < bounds.size(); partition++) {
                var kept = commits.getOrDefault(partition, position.start(partition));
                starts.add(offsetsBy.getOrDefault(partition, kept));
            }
            return starts;
        }

        /** What is committed after they were read would not count, and run again. */
        private static Map<Integer, Long> lastCommits(TriggerPosition position, TopicOffsets offsets)
                throws Refused, InterruptedException {
            if (!position.paused()) {
                throw new Refused(
                        ErrorKind.CONFLICT,
                        "records of the partitions that are not named could run again: pause the trigger first,"
                                + " or name all partitions");
            }
            if (offsets.idle(List.of(position)).isEmpty()) {
                throw new Refused(
                        ErrorKind.CONFLICT, "executors are finishing what they have of the topic: try again soon");
            }
            return offsets.commits(List.of(position)).get(position).orRefuse();
        }
    }

    private static <T> List<T> required(List<T> partitions, TriggerPosition position) throws Refused {
        if (partitions.isEmpty()) {
            throw new Refused("there is no topic '" + position.topic() + "' yet");
        }
        return partitions;
    }

    private static void requireWithin(String topic, int partition, long offset, List<TopicOffsets.Bounds> bounds)
            throws Refused {
        if (partition >= bounds.size()) {
            throw new Refused("the topic '%s' has the partitions 0 to %d, and no %d"
                    .formatted(topic, bounds.size() - 1, partition));
        }
        var there = bounds.get(partition);
        if (offset < there.begin() || offset > there.end()) {
            throw new Refused("partition %d of '%s' has the offsets %d to %d, and %d is none of them"
                    .formatted(partition, topic, there.begin(), there.end(), offset));
        }
    }

    /**
     * What a command says.
     *
     * @throws Refused when it says nothing of the kind
     */
    static TriggerSeek parse(byte[] to) throws Refused {
        var text = new String(to, UTF_8).strip();
        if (text.startsWith("{")) {
            return new ToOffsets(offsets(text));
        }
        return new To(TriggerRule.Start.parse(text).orElseThrow(TriggerSeek::unclear));
    }

    private static Map<Integer, Long> offsets(String text) throws Refused {
        JsonNode json;
        try {
            json = new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw unclear();
        }
        var offsets = new TreeMap<Integer, Long>();
        for (var entry : json.properties()) {
            var offset = entry.getValue();
            if (!entry.getKey().matches("0|[1-9][0-9]{0,4}")
                    || !offset.isIntegralNumber()
                    || !offset.canConvertToLong()) {
                throw unclear();
            }
            offsets.put(Integer.valueOf(entry.getKey()), offset.longValue());
        }
        if (offsets.isEmpty()) {
            throw unclear();
        }
        return offsets;
    }

    private static Refused unclear() {
        return new Refused("a trigger goes on from \"earliest\", \"latest\", a time such as \"2026-01-31T12:00:00Z\","
                + " or offsets by partition such as {\"0\": 42}");
    }
}
