package dev.photon.ingress.scaler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.photon.protocol.Digest;
import dev.photon.protocol.EntryRule;
import dev.photon.protocol.FinishedRanges;
import dev.photon.protocol.LogLevel;
import dev.photon.protocol.TopicPlan;
import dev.photon.protocol.Topics;
import dev.photon.protocol.TriggerCommit;
import dev.photon.registry.EntryTopic;
import dev.photon.registry.Manifest;
import dev.photon.registry.Placement;
import dev.photon.registry.Trigger;
import dev.photon.registry.TriggerPosition;
import dev.photon.registry.TriggerRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class SourcesTest {
    private static final TopicPlan PLAN =
            new TopicPlan(new Topics("photon"), 4, (short) 1, List.of("slow"), List.of("local"), List.of("region-2"));
    private static final long GENERATION = 17;

    private static Trigger trigger(String topic, String pool, boolean paused) {
        var rule = new TriggerRule(
                topic,
                new TriggerRule.Start.Latest(),
                TriggerRule.Ordering.KEY,
                4,
                Optional.empty(),
                TriggerRule.Delivery.AT_LEAST_ONCE,
                TriggerRule.OnError.DEFAULT);
        var scaling = new Manifest.Scaling(0, 1, 1, Optional.empty(), pool);
        return new Trigger(
                manifest(scaling, rule), rule, new TriggerPosition("shop", topic, GENERATION, List.of(5L), paused));
    }

    private static Manifest manifest(Manifest.Scaling scaling, TriggerRule rule) {
        return new Manifest(
                "shop",
                "1.0.0",
                "",
                "wasm",
                Digest.of("module".getBytes(UTF_8)),
                6,
                0,
                Map.of(),
                Map.of(),
                Manifest.Limits.DEFAULT,
                Manifest.Outbound.NONE,
                true,
                scaling,
                Placement.EVERYWHERE,
                "",
                List.of(),
                List.of(rule),
                Optional.empty(),
                Manifest.Auth.PUBLIC,
                new Manifest.Logs(true, LogLevel.INFO),
                new Manifest.Chunks(0, 0, 0, 1),
                Optional.empty());
    }

    private static List<Consumed> with(Trigger... triggers) {
        return with(List.of(triggers), List.of());
    }

    private static List<Consumed> with(List<Trigger> triggers, List<EntryTopic> entries) {
        var declared = new Declared() {
            @Override
            public List<Trigger> triggers() {
                return triggers;
            }

            @Override
            public List<EntryTopic> entries() {
                return entries;
            }
        };
        return new Sources(PLAN, declared).get();
    }

    private static Optional<OffsetAndMetadata> commit(long generation, long offset, FinishedRanges.Range... beyond) {
        var said = new TriggerCommit(generation, offset, new TreeMap<>(), new FinishedRanges(List.of(beyond)));
        return Optional.of(new OffsetAndMetadata(offset, said.encode(offset)));
    }

    /** Of the one trigger, in a partition that has the offsets 0 to 19. */
    private static long unfinished(int partition, Optional<OffsetAndMetadata> commit) {
        var trigger = with(trigger("orders", "default", false)).getLast();
        return Reading.unfinished(0, 20, trigger.progress().of(partition, commit));
    }

    @Test
    void aTriggerIsItsPoolsWorkBesideTheTopicsOfTheRegion() {
        var sources = with(trigger("orders", "slow", false));

        assertThat(sources)
                .extracting(Consumed::topic, Consumed::group, Consumed::pool, Consumed::required)
                .contains(
                        tuple("photon.invocations.slow", "photon.invocations.slow.executors", "slow", true),
                        tuple("photon.in.local", "photon.in.local.executors", "default", true),
                        tuple("orders", "photon.trigger.shop/orders", "slow", false));
    }

    @Test
    void aDeclaredEntryTopicIsTheDefaultPoolsWorkUntilASettingOpensIt() {
        var declared = new EntryTopic("shop", 36, List.of(5L), EntryRule.OPEN, Optional.empty());
        var opened = new EntryTopic("local", 36, List.of(), EntryRule.OPEN, Optional.empty());

        var sources = with(List.of(), List.of(declared, opened));

        assertThat(sources).hasSize(with().size() + 1);
        var work = sources.getLast();
        assertThat(work)
                .extracting(Consumed::topic, Consumed::group, Consumed::pool, Consumed::required)
                .containsExactly("photon.in.shop", "photon.in.shop.10.executors", "default", false);
        assertThat(Reading.unfinished(0, 20, work.progress().of(0, Optional.empty())))
                .isEqualTo(15);
        assertThat(Reading.unfinished(3, 20, work.progress().of(1, Optional.empty())))
                .isEqualTo(17);
        assertThat(Reading.unfinished(0, 20, work.progress().of(0, Optional.of(new OffsetAndMetadata(18, "")))))
                .isEqualTo(2);
    }

    @Test
    void whatNoExecutorWouldRunIsNoWork() {
        var sources = with(
                trigger("paused", "default", true),
                trigger("photon.in.local", "default", false),
                trigger("region-2.photon.functions", "default", false),
                trigger("orders", "nobodys", false));

        assertThat(sources).isEqualTo(with());
    }

    @Test
    void beforeTheFirstCommitItsWorkBeginsWhereItDoes() {
        assertThat(unfinished(0, Optional.empty())).isEqualTo(15);
        // A partition that came later is read from its begin.
        assertThat(unfinished(1, Optional.empty())).isEqualTo(20);
    }

    @Test
    void commitsOfAnEarlierBeginningDoNotCount() {
        assertThat(unfinished(0, commit(GENERATION - 1, 20))).isEqualTo(15);
        assertThat(unfinished(0, Optional.of(new OffsetAndMetadata(20, "")))).isEqualTo(15);
        assertThat(unfinished(0, commit(GENERATION, 19))).isEqualTo(1);
        // An executor may have heard of a seek before us.
        assertThat(unfinished(0, commit(GENERATION + 1, 2))).isEqualTo(18);
    }

    @Test
    void whatIsFinishedBehindASlowRecordIsNoWork() {
        assertThat(unfinished(0, commit(GENERATION, 10, new FinishedRanges.Range(11, 16))))
                .isEqualTo(5);
    }
}
