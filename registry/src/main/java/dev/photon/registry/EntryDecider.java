package dev.photon.registry;

import dev.photon.protocol.Command;
import dev.photon.protocol.EntryRule;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.RegionConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides through which topics publishers may call functions of this region. A topic is made before it is declared, and
 * deleted before its end is: what a registry leaves half done when it dies is done again with the same command. One that
 * is gone though it is declared is made again. Whoever made another of the name, it is another declaration. Confined to the
 * registry's thread.
 */
final class EntryDecider {
    private static final Logger LOG = LoggerFactory.getLogger(EntryDecider.class);

    /** Each has a consumer of its own in every executor. */
    static final int MOST = 100;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private final RegionConfig region;
    private final FunctionView view;
    private final KafkaTopics topics;
    private final TopicOffsets offsets;
    private final Clock clock;

    EntryDecider(RegionConfig region, FunctionView view, KafkaTopics topics, TopicOffsets offsets, Clock clock) {
        this.region = region;
        this.view = view;
        this.topics = topics;
        this.offsets = offsets;
        this.clock = clock;
    }

    /** Of one that is declared already, all may change but the topic itself. */
    Verdict set(Command.SetEntry wish, String by) throws Refused, InterruptedException {
        requireName(wish.name());
        var wanted = EntryDescription.parse(wish.description());
        requireOthersTopics(wanted.rule());
        var before = view.entry(wish.name());
        if (before.isEmpty() && view.entries().size() >= MOST) {
            throw new Refused("there are " + MOST + " entry topics, which is the most: delete one first");
        }
        var verdict = set(wish.name(), wanted, before);
        LOG.atInfo().addKeyValue("entry", wish.name()).addKeyValue("by", by).log("entry topic declared");
        return verdict;
    }

    private Verdict set(String name, EntryDescription wanted, Optional<EntryTopic> before)
            throws Refused, InterruptedException {
        KafkaTopics.Ensured there;
        try {
            there = topics.ensure(
                    region.topics().entry(name),
                    wanted.partitions().orElse(region.plan().partitions()),
                    wanted.retentionHours().orElse(EntryDescription.RETENTION_HOURS));
        } catch (Refused e) {
            return withoutTopic(wanted, before, e);
        }
        if (before.isEmpty()) {
            return there.made() ? fromBegin(name, wanted, there, Optional.empty()) : found(name, wanted, there);
        }
        return there.made() || before.get().isAnother(there.id())
                ? anew(name, wanted, there)
                : changed(before.get(), wanted, there);
    }

    /** What may be done can be less at any time, whatever is the matter with the topic. */
    private static Verdict withoutTopic(EntryDescription wanted, Optional<EntryTopic> before, Refused refused)
            throws Refused {
        if (before.isEmpty() || before.get().rule().equals(wanted.rule())) {
            throw refused;
        }
        return accepted(
                before.get().with(wanted.rule()),
                Optional.of(
                        "only what may be done is changed: " + refused.verdict().reason()));
    }

    private static Verdict changed(EntryTopic before, EntryDescription wanted, KafkaTopics.Ensured there) {
        var without = differences(wanted, there);
        wanted.start().ifPresent(start -> without.add("it is read on from where it is"));
        var warning = without.isEmpty()
                ? Optional.<String>empty()
                : Optional.of("the topic stays as it is: " + String.join(", ", without));
        var after = before.with(wanted.rule()).of(there.id().or(before::topicId));
        return after.equals(before)
                ? new Verdict.Accepted(before.name(), Optional.empty(), List.of(), warning)
                : accepted(after, warning);
    }

    /** Another topic has the name of one that was declared: made just now, by whom ever or by a registry that died then. */
    private Verdict anew(String name, EntryDescription wanted, KafkaTopics.Ensured there) {
        var warning = new StringJoiner(", ")
                .add("the topic '%s' was gone, and the one that was made anew is read from its begin"
                        .formatted(region.topics().entry(name)));
        differences(wanted, there).forEach(warning::add);
        return fromBegin(name, wanted, there, Optional.of(warning.toString()));
    }

    private Verdict fromBegin(
            String name, EntryDescription wanted, KafkaTopics.Ensured there, Optional<String> warning) {
        return accepted(new EntryTopic(name, generation(), List.of(), wanted.rule(), there.id()), warning);
    }

    private Verdict found(String name, EntryDescription wanted, KafkaTopics.Ensured there)
            throws Refused, InterruptedException {
        var topic = region.topics().entry(name);
        var start = wanted.start().orElseGet(TriggerRule.Start.Latest::new);
        var from = new TopicOffsets.Wanted(topic, start);
        var starts = offsets.starts(Set.of(from)).get(from).orRefuse();
        var warning = new StringJoiner(", ")
                .add("the topic '%s' was there, stays as it is, and is read from %s on".formatted(topic, start));
        differences(wanted, there).forEach(warning::add);
        return accepted(
                new EntryTopic(name, generation(), starts, wanted.rule(), there.id()), Optional.of(warning.toString()));
    }

    private long generation() {
        return Stamp.next(clock.millis(), view.latestStamp());
    }

    /** What the topic would be if it was made. */
    private static List<String> differences(EntryDescription wanted, KafkaTopics.Ensured there) {
        var all = new ArrayList<String>();
        if (wanted.partitions().filter(count -> count != there.partitions()).isPresent()) {
            all.add("it has %d partitions".formatted(there.partitions()));
        }
        if (wanted.retentionHours().isPresent()
                && !wanted.retentionHours().map(Duration::ofHours).equals(there.retention())) {
            all.add(there.retention()
                    .map(time -> "it keeps records for " + time)
                    .orElse("it keeps records for ever"));
        }
        return all;
    }

    private static Verdict accepted(EntryTopic topic, Optional<String> warning) {
        return new Verdict.Accepted(topic.name(), Optional.empty(), List.of(new State.Entry(topic)), warning);
    }

    private void requireName(String name) throws Refused {
        if (!NAME.matcher(name).matches()) {
            throw new Refused("the name of an entry topic has 1 to 64 letters, digits, '-' and '_', first a letter or a"
                    + " digit, and '%s' is none".formatted(Refused.shortened(name)));
        }
        if (region.plan().entries().contains(name)) {
            throw new Refused(ErrorKind.CONFLICT, "PHOTON_ENTRIES opens '" + name + "' already");
        }
        try {
            Topic.validate(region.topics().entry(name));
        } catch (InvalidTopicException e) {
            throw new Refused("with the region's prefix, the name is longer than Kafka takes");
        }
    }

    private void requireOthersTopics(EntryRule rule) throws Refused {
        for (var topic : rule.replyTopics()) {
            if (region.plan().isReserved(topic)) {
                throw new Refused("replyTopics has '%s', which is the platform's own, or Kafka's"
                        .formatted(Refused.shortened(topic)));
            }
        }
    }

    Verdict delete(Command.DeleteEntry wish, String by) throws Refused, InterruptedException {
        if (view.entry(wish.name()).isEmpty()) {
            throw new Refused(
                    ErrorKind.NOT_FOUND, "there is no entry topic '" + Refused.shortened(wish.name()) + "' declared");
        }
        if (wish.purge()) {
            topics.delete(region.topics().entry(wish.name()));
        }
        LOG.atInfo()
                .addKeyValue("entry", wish.name())
                .addKeyValue("purge", wish.purge())
                .addKeyValue("by", by)
                .log("entry topic is none any more");
        return new Verdict.Accepted(wish.name(), List.of(new State.NoEntry(wish.name())));
    }
}
