package dev.photon.registry;

import dev.photon.protocol.Topics;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the consumer groups of triggers and of declared entry topics that are gone, once no executor is in them. What is left from before a restart
 * is found by the groups' names. Confined to the registry's thread.
 */
final class TriggerGroups {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerGroups.class);

    /** After the brokers failed, or lack a right; and the longest pause while executors stay in groups. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    /** An executor that had not heard of an end may make a group anew, mostly in a moment. It doubles from then on. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final ConsumerGroups groups;
    private final Pattern name;
    private final LongSupplier nanoTime;
    private long seen;
    private Duration pause = FIRST_PAUSE;
    private Optional<Long> looked = Optional.empty();
    private Optional<Long> failed = Optional.empty();

    /**
     * @param nanoTime as {@link System#nanoTime} tells it
     */
    TriggerGroups(ConsumerGroups groups, Topics topics, LongSupplier nanoTime) {
        this.groups = groups;
        // Another installation's prefix may begin like ours.
        this.name = Pattern.compile(Pattern.quote(topics.triggerGroups()) + "[A-Za-z0-9_-]+/[A-Za-z0-9._-]+|"
                + Pattern.quote(topics.entry("")) + "[A-Za-z0-9_-]+\\.[0-9a-z]+\\.executors");
        this.nanoTime = nanoTime;
    }

    /**
     * Takes a step, if there is one to take.
     *
     * @param needed the groups of all that there are
     * @param ended how many have ended, counted before
     */
    void look(Set<String> needed, long ended) throws InterruptedException {
        if (isWithin(failed, RETRY)) {
            return;
        }
        try {
            if (seen != ended) {
                delete(needed);
                seen = ended;
                pause = FIRST_PAUSE;
            } else if (!isWithin(looked, pause)) {
                var longest = delete(needed) ? LONGEST_PAUSE : RETRY;
                pause = Collections.min(List.of(pause.multipliedBy(2), longest));
            }
            failed = Optional.empty();
        } catch (KafkaException e) {
            failed = Optional.of(nanoTime.getAsLong());
            LOG.atWarn().addKeyValue("error", e.toString()).log("groups that nobody needs are deleted later");
        }
    }

    private boolean isWithin(Optional<Long> since, Duration time) {
        return since.isPresent() && nanoTime.getAsLong() - since.get() < time.toNanos();
    }

    /** Whether none is left. */
    private boolean delete(Set<String> needed) throws InterruptedException {
        looked = Optional.of(nanoTime.getAsLong());
        var gone = groups.names().stream()
                .filter(group -> name.matcher(group).matches())
                .filter(group -> !needed.contains(group))
                .collect(Collectors.toSet());
        return gone.isEmpty() || groups.delete(gone).isEmpty();
    }
}
