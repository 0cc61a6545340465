package dev.photon.ingress.scaler;

import dev.photon.protocol.FinishedRanges;
import dev.photon.protocol.Topics;
import dev.photon.protocol.TriggerCommit;
import dev.photon.registry.EntryTopic;
import dev.photon.registry.Trigger;
import dev.photon.registry.TriggerPosition;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * A topic that one group of executors works off. Immutable.
 *
 * @param pool whose executors do
 * @param required whether nothing is known of the region while nothing is known of this
 */
record Consumed(String topic, String group, String pool, boolean required, Progress progress) {

    /** How a group's commits are to be read. */
    interface Progress {
        /**
         * @param commit the group's, of this partition
         * @return empty when the group begins where the partition does
         */
        Optional<Done> of(int partition, Optional<OffsetAndMetadata> commit);
    }

    /**
     * What of a partition is finished.
     *
     * @param offset before which all is
     * @param beyond what is behind it
     */
    record Done(long offset, FinishedRanges beyond) {}

    /** A topic of the region, which a group of its own shares. */
    static Consumed ours(String topic, String pool) {
        return new Consumed(topic, Topics.executors(topic), pool, true, Consumed::committed);
    }

    private static Optional<Done> committed(int partition, Optional<OffsetAndMetadata> commit) {
        return commit.map(done -> new Done(done.offset(), FinishedRanges.decode(done.offset(), done.metadata())));
    }

    /** A user's topic: it may not be there, nor ours to look at, and that must not be the others' harm. */
    static Consumed by(Trigger trigger, Topics topics) {
        var position = trigger.position();
        return new Consumed(
                position.topic(),
                topics.triggerGroup(position.function(), position.topic()),
                trigger.manifest().scaling().pool(),
                false,
                (partition, commit) -> Optional.of(since(position, partition, commit)));
    }

    /** A declared entry topic, which its operator may have deleted. Its generation's group has no commits of another's. */
    static Consumed by(EntryTopic entry, Topics topics) {
        return new Consumed(
                topics.entry(entry.name()),
                topics.entryGroup(entry.name(), entry.generation()),
                Topics.DEFAULT_POOL,
                false,
                (partition, commit) -> committed(partition, commit).or(() -> begin(entry, partition)));
    }

    private static Optional<Done> begin(EntryTopic entry, int partition) {
        return partition < entry.starts().size()
                ? Optional.of(new Done(entry.starts().get(partition), FinishedRanges.NONE))
                : Optional.empty();
    }

    /** As executors go on: a commit of a generation before is none. */
    private static Done since(TriggerPosition position, int partition, Optional<OffsetAndMetadata> commit) {
        return commit.flatMap(done -> TriggerCommit.decode(done.offset(), done.metadata())
                        .filter(said -> said.generation() >= position.generation())
                        .map(said -> new Done(done.offset(), said.finished())))
                .orElseGet(() -> new Done(position.start(partition), FinishedRanges.NONE));
    }
}
