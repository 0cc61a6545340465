package dev.photon.registry;

import dev.photon.protocol.TopicPlan;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A function that runs for the records of a topic.
 *
 * @param manifest of the latest version, which is the one to run
 * @param rule what it says about the topic
 * @param position where the region is
 */
public record Trigger(Manifest manifest, TriggerRule rule, TriggerPosition position) {

    /** Whether it reads and writes only topics that are users' in this region: another may have let it pass. */
    public boolean isAllowed(TopicPlan plan) {
        return Stream.of(
                        Optional.of(rule.topic()), rule.output(), rule.onError().deadLetter())
                .flatMap(Optional::stream)
                .noneMatch(plan::isReserved);
    }
}
