package dev.photon.registry;

import dev.photon.protocol.Topics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Topics that are made up, of two partitions each. */
final class TestingTopics implements TopicOffsets {
    private static final Topics TOPICS = new Topics("photon");

    private final Map<String, Bounds> bounds = new HashMap<>();
    final Map<Integer, Long> commits = new HashMap<>();
    private final Set<String> unread = new HashSet<>();
    /** The group that has a member. */
    String read = "";

    boolean commitsAreUnread;
    boolean groupsAreListed = true;
    int questions;

    TestingTopics put(String topic, long begin, long end) {
        bounds.put(topic, new Bounds(begin, end));
        return this;
    }

    void readable(String topic) {
        unread.remove(topic);
    }

    TestingTopics unread(String topic) {
        unread.add(topic);
        return this;
    }

    @Override
    public Map<Wanted, Learnt<List<Long>>> starts(Set<Wanted> wanted) {
        questions++;
        return wanted.stream().collect(Collectors.toMap(Function.identity(), this::starts));
    }

    private Learnt<List<Long>> starts(Wanted wanted) {
        return unread.contains(wanted.topic())
                ? new Learnt.Unknown<>(new Refused("no right"))
                : new Learnt.Known<>(bounds(wanted.topic()).stream()
                        .map(there -> offset(there, wanted.start()))
                        .toList());
    }

    private static long offset(Bounds there, TriggerRule.Start start) {
        return switch (start) {
            case TriggerRule.Start.Latest latest -> there.end();
            case TriggerRule.Start.Earliest earliest -> there.begin();
            case TriggerRule.Start.At at -> (there.begin() + there.end()) / 2;
        };
    }

    @Override
    public List<Bounds> bounds(String topic) {
        var there = bounds.get(topic);
        return there == null ? List.of() : List.of(there, there);
    }

    @Override
    public <T extends Reading<T>> List<T> idle(List<T> readings) throws Refused {
        if (!groupsAreListed) {
            throw new Refused("not now");
        }
        return readings.stream()
                .filter(reading -> !reading.group(TOPICS).equals(read))
                .toList();
    }

    @Override
    public <T extends Reading<T>> Map<T, Learnt<Map<Integer, Long>>> commits(List<T> readings) {
        return readings.stream().collect(Collectors.toMap(Function.identity(), reading -> commits()));
    }

    private Learnt<Map<Integer, Long>> commits() {
        return commitsAreUnread
                ? new Learnt.Unknown<>(new Refused("not now"))
                : new Learnt.Known<>(Map.copyOf(commits));
    }
}
