package dev.photon.registry;

import java.util.List;
import java.util.Map;

/** What is known of users' topics, and of the groups that read them. Asks anew each time, and blocks. */
interface TopicOffsets {
    /**
     * A partition's records.
     *
     * @param begin the offset of the oldest
     * @param end the offset of the next to come
     */
    record Bounds(long begin, long end) {}

    /**
     * Where reading would begin now, for each partition. A topic that is not there has none.
     *
     * @param wanted by topic
     * @throws Refused when the topic cannot be read, now or without a right that we lack
     */
    Map<String, List<Long>> starts(Map<String, TriggerRule.Start> wanted) throws Refused, InterruptedException;

    /**
     * The partitions of a topic; none when it is not there.
     *
     * @throws Refused as above
     */
    List<Bounds> bounds(String topic) throws Refused, InterruptedException;

    /** Those of whose groups no executor is a member. */
    List<TriggerPosition> idle(List<TriggerPosition> positions) throws InterruptedException;

    /**
     * How far the group of each trigger has come since it began there, by partition.
     *
     * @throws Refused as above
     */
    Map<TriggerPosition, Map<Integer, Long>> commits(List<TriggerPosition> positions)
            throws Refused, InterruptedException;
}
