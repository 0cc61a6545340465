package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.photon.protocol.Command;
import dev.photon.protocol.Digest;
import dev.photon.protocol.EntryRule;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a view whose records come from the test, and topics that are made up. */
class TriggerDeciderTest {
    private static final RegionConfig REGION =
            RegionConfig.read(new Settings(Map.of("PHOTON_REGION", "here", "PHOTON_BOOTSTRAP", "127.0.0.1:1")::get));
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC);

    /** One for all tests: closing one takes a moment. */
    private static final FunctionView VIEW = new FunctionView(REGION, "test");

    private final TestingTopics topics = new TestingTopics();
    private final TriggerDecider decider = new TriggerDecider(REGION, VIEW, topics, CLOCK);
    private long next;

    @AfterEach
    void forget() {
        for (var position : VIEW.positions().all()) {
            VIEW.read("here", List.of(written(new State.NoTrigger(position.function(), position.topic()), 1)), ++next);
        }
    }

    @AfterAll
    static void close() {
        VIEW.close();
    }

    @Test
    void aNewTriggerBeginsWhereItsStartIs() throws Exception {
        topics.put("orders", 3, 10).put("bills", 5, 20);

        var states = decider.following("f", List.of(rule("orders"), earliest("bills")));

        assertThat(positions(states))
                .extracting(TriggerPosition::topic, TriggerPosition::starts, TriggerPosition::paused)
                .containsExactlyInAnyOrder(
                        tuple("orders", List.of(10L, 10L), false), tuple("bills", List.of(5L, 5L), false));
        assertThat(TriggerDecider.warnings(states)).isEmpty();
    }

    @Test
    void aTopicThatIsNotThereYetIsReadFromItsBeginAndItsAuthorIsTold() throws Exception {
        var states = decider.following("f", List.of(rule("oders")));

        assertThat(positions(states)).singleElement().satisfies(position -> {
            assertThat(position.starts()).isEmpty();
            assertThat(position.start(7)).isZero();
        });
        assertThat(TriggerDecider.warnings(states)).singleElement().asString().contains("no topic 'oders'");
    }

    @Test
    void aTriggerThatStaysKeepsItsPositionWhateverElseTheNextVersionSaysOfIt() throws Exception {
        topics.put("orders", 0, 10);
        known("f", "orders", 7, true);

        assertThat(decider.following("f", List.of(earliest("orders")))).isEmpty();
        assertThat(decider.missing("f", List.of(earliest("orders")))).isEmpty();
    }

    @Test
    void aTriggerThatIsGoneLosesItsPosition() throws Exception {
        known("f", "orders", 7, false);
        known("g", "orders", 7, false);

        assertThat(decider.following("f", List.of())).containsExactly(new State.NoTrigger("f", "orders"));
        assertThat(decider.ended("f", List.of())).containsExactly(new State.NoTrigger("f", "orders"));
    }

    @Test
    void aTopicThatCannotBeReadRefusesADeploymentAndNothingElse() throws Exception {
        known("f", "old", 7, false);
        topics.unread("orders");

        assertThatExceptionOfType(Refused.class).isThrownBy(() -> decider.following("f", List.of(rule("orders"))));
        assertThat(decider.followingAsFarAsPossible(Map.of("f", List.of(rule("orders")))))
                .containsExactly(new State.NoTrigger("f", "old"));
    }

    @Test
    void aTopicThatCannotBeReadKeepsNoOtherFromBeginning() throws Exception {
        topics.put("bills", 0, 5).unread("orders");
        topics.put("letters", 0, 6);

        var states = decider.followingAsFarAsPossible(
                Map.of("f", List.of(rule("orders"), rule("bills")), "g", List.of(rule("letters"))));

        assertThat(positions(states))
                .extracting(TriggerPosition::function, TriggerPosition::topic, TriggerPosition::starts)
                .containsExactlyInAnyOrder(
                        tuple("f", "bills", List.of(5L, 5L)), tuple("g", "letters", List.of(6L, 6L)));
        assertThat(topics.questions).isEqualTo(1);
    }

    @Test
    void everyBeginningHasAHigherGenerationThanAllBefore() throws Exception {
        topics.put("orders", 0, 10);
        VIEW.read("here", List.of(written(new State.NoTrigger("f", "orders"), Stamp.atMillis(5_000))), ++next);

        var later = positions(decider.following("f", List.of(rule("orders"))));

        assertThat(later)
                .singleElement()
                .satisfies(position -> assertThat(position.generation()).isGreaterThan(Stamp.atMillis(5_000)));
    }

    @Test
    void aRegionHasAtMostAThousandTriggers() {
        for (int i = 0; i < 1_000; i++) {
            known("f" + i, "orders", 1, false);
        }

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> decider.following("f", List.of(rule("orders"))))
                .withMessageContaining("at most 1000 triggers");
    }

    @Test
    void whatIsPlacedElsewhereReadsNothingHere() {
        var elsewhere =
                Generated.manifest("f", "1.0.0", Digest.of(new byte[] {1}), new Placement(List.of("there"), List.of()));

        assertThat(decider.rules(Optional.of(elsewhere))).isEmpty();
        assertThat(decider.rules(Optional.empty())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "topic = \"photon.invocations\"",
                "topic = \"__consumer_offsets\"",
                "topic = \"a\"\noutput = \"photon.responses\"",
                "topic = \"a\"\non_error = { dead_letter = \"photon.logs\" }"
            })
    void topicsOfThePlatformAreRefused(String table) throws Refused {
        var config = FunctionConfig.parse("name = \"f\"\nversion = \"1.0.0\"\n[[triggers]]\n" + table);

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> decider.requireAllowed(config, true))
                .withMessageContaining("the platform's own");
    }

    @Test
    void aSiteWithoutAFunctionHasNoTriggers() throws Refused {
        var config = FunctionConfig.parse("name = \"f\"\nversion = \"1.0.0\"\n[[triggers]]\ntopic = \"a\"\n");

        decider.requireAllowed(config, true);
        assertThatExceptionOfType(Refused.class).isThrownBy(() -> decider.requireAllowed(config, false));
    }

    @Test
    void pausingChangesNothingElseAndIsWrittenDown() throws Exception {
        var before = known("f", "orders", 7, false);

        var verdict = accepted(new Command.PauseTrigger("f", "orders"));

        assertThat(positions(verdict.states())).containsExactly(before.pausing(true));
        assertThat(verdict.states())
                .filteredOn(State.Past.class::isInstance)
                .singleElement()
                .satisfies(past -> assertThat(((State.Past) past).history().entries())
                        .containsExactly(
                                new History.Entry(1_000, "me", History.Action.TRIGGER_PAUSED, "orders", List.of())));
        assertThat(accepted(new Command.ResumeTrigger("f", "orders")).states()).isEmpty();
    }

    @Test
    void aTriggerThatIsNotThereCannotBeChanged() {
        assertRefused(new Command.PauseTrigger("f", "orders"), "no trigger of the topic 'orders'");
    }

    @Test
    void aSeekBeginsAnewWhereItIsTold() throws Exception {
        topics.put("orders", 3, 10);
        var before = known("f", "orders", 7, true);

        assertThat(sought("earliest").starts()).containsExactly(3L, 3L);
        assertThat(sought("latest").starts()).containsExactly(10L, 10L);
        assertThat(sought("2026-01-31T12:00:00Z").starts()).containsExactly(6L, 6L);
        assertThat(sought("latest").paused()).isTrue();
        assertThat(sought("latest").generation()).isGreaterThan(before.generation());
    }

    @Test
    void aSeekOfOnePartitionLetsTheOthersGoOnFromTheirCommits() throws Exception {
        topics.put("orders", 3, 10);
        known("f", "orders", 7, true);

        assertThat(sought("{\"0\": 4}").starts()).containsExactly(4L, 7L);
        topics.commits.put(1, 9L);
        assertThat(sought("{\"0\": 4}").starts()).containsExactly(4L, 9L);
        assertThat(sought("{\"1\": 10, \"0\": 3}").starts()).containsExactly(3L, 10L);
    }

    /** Else records of the others, finished after their commits were read, would run again. */
    @Test
    void aSeekOfOnePartitionIsRefusedWhileTheOthersAreRead() throws Exception {
        topics.put("orders", 3, 10);
        known("f", "orders", 7, false);

        assertConflict(seek("{\"0\": 4}"), "pause the trigger first");
        assertThat(sought("{\"0\": 4, \"1\": 5}").starts()).containsExactly(4L, 5L);

        known("f", "orders", 7, true);
        topics.read = "photon.trigger.f/orders";
        assertConflict(seek("{\"0\": 4}"), "executors are finishing");
    }

    @Test
    void aGroupWhoseCommitsCannotBeReadRefusesTheSeek() {
        topics.put("orders", 3, 10);
        topics.commitsAreUnread = true;
        known("f", "orders", 7, true);

        assertThatExceptionOfType(Refused.class).isThrownBy(() -> decider.change(seek("{\"0\": 4}"), "me"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "{}",
                "{",
                "{\"0\": 1.5}",
                "{\"0\": \"4\"}",
                "{\"x\": 4}",
                "{\"-1\": 4}",
                "{\"00\": 4}",
                "{\"0\": 99999999999999999999}",
                "[4]"
            })
    void aPlaceThatIsNoneIsRefused(String to) {
        topics.put("orders", 3, 10);
        known("f", "orders", 7, false);

        assertRefused(new Command.SeekTrigger("f", "orders", to.getBytes(UTF_8)), "a trigger goes on from");
    }

    @Test
    void anOffsetThatIsNotThereIsRefused() {
        topics.put("orders", 3, 10);
        known("f", "orders", 7, false);

        assertRefused(seek("{\"2\": 4}"), "partitions 0 to 1, and no 2");
        assertRefused(seek("{\"0\": 2}"), "offsets 3 to 10, and 2 is none");
        assertRefused(seek("{\"0\": 11}"), "offsets 3 to 10, and 11 is none");
    }

    @Test
    void aTopicThatIsNotThereHasNoPlaces() {
        known("f", "orders", 7, false);

        assertRefused(seek("earliest"), "no topic 'orders' yet");
        assertRefused(seek("{\"0\": 0}"), "no topic 'orders' yet");
    }

    /** Kafka forgets the commits of a group that nobody is in. */
    @Test
    void whatIsFinishedIsRememberedInThePosition() throws Exception {
        var before = known("f", "orders", 7, true);
        assertThat(decider.remembered()).isEmpty();

        topics.commits.putAll(Map.of(1, 9L, 3, 2L));

        assertThat(positions(decider.remembered())).singleElement().satisfies(moved -> {
            assertThat(moved.starts()).containsExactly(7L, 9L, 0L, 2L);
            assertThat(moved.generation()).isEqualTo(before.generation());
            assertThat(moved.paused()).isTrue();
        });
        topics.read = "photon.trigger.f/orders";
        assertThat(decider.remembered()).isEmpty();
        topics.read = "";
        topics.commitsAreUnread = true;
        assertThat(decider.remembered()).isEmpty();
    }

    @Test
    void whatIsFinishedOfAnEntryTopicIsRememberedInItsDeclaration() throws Exception {
        var before = new EntryTopic("shop", 17, List.of(7L), EntryRule.OPEN, Optional.of("a"));
        VIEW.read("here", List.of(written(new State.Entry(before), 1)), ++next);
        topics.commits.putAll(Map.of(0, 9L, 1, 2L));

        assertThat(decider.remembered())
                .containsExactly(
                        new State.Entry(new EntryTopic("shop", 17, List.of(9L, 2L), EntryRule.OPEN, Optional.of("a"))));

        VIEW.read("here", List.of(written(new State.NoEntry("shop"), 2)), ++next);
    }

    @Test
    void onlyCommitsOfItsOwnGenerationCount() {
        var position = new TriggerPosition("f", "orders", 17, List.of(), false);

        assertThat(position.counts("17;0;;")).isTrue();
        assertThat(position.counts("170;0;;")).isFalse();
        assertThat(position.counts("16;0;;")).isFalse();
        assertThat(position.counts("")).isFalse();
    }

    private static TriggerRule rule(String topic) {
        return rule(topic, new TriggerRule.Start.Latest());
    }

    private static TriggerRule earliest(String topic) {
        return rule(topic, new TriggerRule.Start.Earliest());
    }

    private static TriggerRule rule(String topic, TriggerRule.Start start) {
        return new TriggerRule(
                topic,
                start,
                TriggerRule.Ordering.KEY,
                100,
                Optional.empty(),
                TriggerRule.Delivery.AT_LEAST_ONCE,
                TriggerRule.OnError.DEFAULT);
    }

    private TriggerPosition known(String function, String topic, long start, boolean paused) {
        var position = new TriggerPosition(function, topic, 1, List.of(start, start), paused);
        VIEW.read("here", List.of(written(new State.Triggered(position), 1)), ++next);
        return position;
    }

    private static ConsumerRecord<byte[], byte[]> written(State state, long at) {
        var sent = StateCodec.encode("test.functions", new Stamped(state, "here", Stamp.at(at)));
        var read = new ConsumerRecord<>("test.functions", 0, 0, sent.key(), sent.value());
        sent.headers().forEach(read.headers()::add);
        return read;
    }

    private static List<TriggerPosition> positions(List<State> states) {
        var positions = new ArrayList<TriggerPosition>();
        for (var state : states) {
            if (state instanceof State.Triggered triggered) {
                positions.add(triggered.position());
            }
        }
        return positions;
    }

    private static Command.SeekTrigger seek(String to) {
        return new Command.SeekTrigger("f", "orders", to.getBytes(UTF_8));
    }

    private TriggerPosition sought(String to) throws Exception {
        return positions(accepted(seek(to)).states()).getFirst();
    }

    private Verdict.Accepted accepted(Command.TriggerChange change) throws Exception {
        return (Verdict.Accepted) decider.change(change, "me");
    }

    private void assertRefused(Command.TriggerChange change, String reason) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> decider.change(change, "me"))
                .withMessageContaining(reason)
                .satisfies(refused ->
                        assertThat(refused.verdict().kind()).isIn(ErrorKind.BAD_REQUEST, ErrorKind.NOT_FOUND));
    }

    private void assertConflict(Command.TriggerChange change, String reason) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> decider.change(change, "me"))
                .withMessageContaining(reason)
                .satisfies(refused -> assertThat(refused.verdict().kind()).isEqualTo(ErrorKind.CONFLICT));
    }
}
