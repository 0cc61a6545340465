package dev.photon.registry;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Topics that are made up, of two partitions each. */
final class TestingTopics implements TopicOffsets {
    private final Map<String, Bounds> bounds = new HashMap<>();
    final Map<Integer, Long> commits = new HashMap<>();
    private final Set<String> unread = new HashSet<>();
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
    public List<TriggerPosition> idle(List<TriggerPosition> positions) throws Refused {
        if (!groupsAreListed) {
            throw new Refused("not now");
        }
        return positions.stream()
                .filter(position -> !position.topic().equals(read))
                .toList();
    }

    @Override
    public Map<TriggerPosition, Learnt<Map<Integer, Long>>> commits(List<TriggerPosition> positions) {
        return positions.stream().collect(Collectors.toMap(Function.identity(), position -> commits()));
    }

    private Learnt<Map<Integer, Long>> commits() {
        return commitsAreUnread
                ? new Learnt.Unknown<>(new Refused("not now"))
                : new Learnt.Known<>(Map.copyOf(commits));
    }
}
