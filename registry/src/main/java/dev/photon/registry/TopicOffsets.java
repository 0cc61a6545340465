package dev.photon.registry;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is known of users' topics, and of the groups that read them. Asks anew each time, and blocks for seconds. */
interface TopicOffsets {
    /** A topic, and where in it reading shall begin. */
    record Wanted(String topic, TriggerRule.Start start) {}

    /**
     * A partition's records.
     *
     * @param begin the offset of the oldest
     * @param end the offset of the next to come
     */
    record Bounds(long begin, long end) {}

    /**
     * Where reading would begin now, for each partition; all are asked for at once, and what one of them hides keeps no
     * other from being known. A topic that is not there has no partitions.
     */
    Map<Wanted, Learnt<List<Long>>> starts(Set<Wanted> wanted) throws InterruptedException;

    /**
     * The partitions of a topic; none when it is not there.
     *
     * @throws Refused when the topic cannot be read, now or without a right that we lack
     */
    List<Bounds> bounds(String topic) throws Refused, InterruptedException;

    /**
     * Those of whose groups no executor is a member.
     *
     * @throws Refused when the groups cannot be listed now
     */
    <T extends Reading<T>> List<T> idle(List<T> readings) throws Refused, InterruptedException;

    /** How far the group of each has come since it began there, by partition. */
    <T extends Reading<T>> Map<T, Learnt<Map<Integer, Long>>> commits(List<T> readings) throws InterruptedException;
}
