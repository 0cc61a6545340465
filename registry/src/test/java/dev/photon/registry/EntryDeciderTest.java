package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.photon.protocol.Command;
import dev.photon.protocol.EntryRule;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a view whose records come from the test, and topics that are made up. */
class EntryDeciderTest {
    private static final RegionConfig REGION = RegionConfig.read(new Settings(
            Map.of("PHOTON_REGION", "here", "PHOTON_BOOTSTRAP", "127.0.0.1:1", "PHOTON_ENTRIES", "local")::get));
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC);
    private static final String SHOP = "photon.in.shop";

    /** One for all tests: closing one takes a moment. */
    private static final FunctionView VIEW = new FunctionView(REGION, "test");

    private final MadeUp kafka = new MadeUp();
    private final TestingTopics offsets = new TestingTopics();
    private final EntryDecider decider = new EntryDecider(REGION, VIEW, kafka, offsets, CLOCK);
    private long next;

    private static final class MadeUp implements KafkaTopics {
        /** Their ids. */
        private final Map<String, String> there = new HashMap<>();

        private final List<String> made = new ArrayList<>();
        private Optional<Refused> refusal = Optional.empty();
        private int ids;

        @Override
        public Ensured ensure(String topic, int partitions, int retentionHours) throws Refused {
            refuse();
            var absent = !there.containsKey(topic);
            if (absent) {
                make(topic);
                made.add("%s %d %dh".formatted(topic, partitions, retentionHours));
            }
            return new Ensured(absent, Optional.of(there.get(topic)), 8, Optional.of(Duration.ofHours(24)));
        }

        void make(String topic) {
            ids++;
            there.put(topic, "id" + ids);
        }

        @Override
        public void delete(String topic) throws Refused {
            refuse();
            there.remove(topic);
        }

        private void refuse() throws Refused {
            if (refusal.isPresent()) {
                throw refusal.get();
            }
        }
    }

    @AfterEach
    void forget() {
        VIEW.entries().forEach(entry -> read(new State.NoEntry(entry.name())));
    }

    @AfterAll
    static void close() {
        VIEW.close();
    }

    private void read(State state) {
        var sent = StateCodec.encode("test.functions", new Stamped(state, "here", Stamp.at(1)));
        var read = new ConsumerRecord<>("test.functions", 0, 0, sent.key(), sent.value());
        sent.headers().forEach(read.headers()::add);
        VIEW.read("here", List.of(read), ++next);
    }

    private Verdict.Accepted set(String name, String json) throws Exception {
        return (Verdict.Accepted) decider.set(new Command.SetEntry(name, json.getBytes(UTF_8)), "ada");
    }

    private Verdict.Accepted setLater(String name, String json) throws Exception {
        var later = new EntryDecider(REGION, VIEW, kafka, offsets, Clock.offset(CLOCK, Duration.ofMillis(1)));
        return (Verdict.Accepted) later.set(new Command.SetEntry(name, json.getBytes(UTF_8)), "ada");
    }

    private EntryTopic declare(String name, String json) throws Exception {
        var states = set(name, json).states();
        states.forEach(this::read);
        return ((State.Entry) states.getFirst()).topic();
    }

    @Test
    void anEntryTopicIsMadeAsItIsWishedAndReadFromItsBegin() throws Exception {
        var verdict = set("shop", """
                {"functions": ["resize"], "replyTopics": ["shop.replies"], "deadlineMillis": 5000, "rate": 100,
                 "burst": 7, "partitions": 3, "retentionHours": 2}""");

        assertThat(kafka.made).containsExactly("photon.in.shop 3 2h");
        assertThat(verdict.warning()).isEmpty();
        assertThat(verdict.states()).singleElement().isInstanceOfSatisfying(State.Entry.class, entry -> {
            assertThat(entry.topic().starts()).isEmpty();
            assertThat(entry.topic().rule())
                    .isEqualTo(new EntryRule(List.of("resize"), List.of("shop.replies"), 5_000, 100, 7));
        });
    }

    @Test
    void whatIsNotSaidHasADefault() throws Exception {
        var rule = declare("shop", "{\"functions\": [\"*\"], \"rate\": 50}").rule();

        assertThat(kafka.made).containsExactly("photon.in.shop 8 24h");
        assertThat(rule).isEqualTo(new EntryRule(List.of("*"), List.of(), 0, 50, 50));
    }

    @Test
    void aTopicThatWasThereIsReadFromItsEndUnlessItIsSaidOtherwise() throws Exception {
        kafka.make(SHOP);
        offsets.put(SHOP, 3, 10);

        var fromTheEnd = set("shop", "{\"functions\": [\"f\"]}");
        var fromTheBegin = set("shop", "{\"functions\": [\"f\"], \"start\": \"earliest\"}");

        assertThat(fromTheEnd.warning())
                .hasValueSatisfying(warning -> assertThat(warning).contains("latest"));
        assertThat(starts(fromTheEnd)).containsExactly(10L, 10L);
        assertThat(starts(fromTheBegin)).containsExactly(3L, 3L);
    }

    private static List<Long> starts(Verdict.Accepted verdict) {
        return ((State.Entry) verdict.states().getFirst()).topic().starts();
    }

    @Test
    void whatMayBeDoneChangesWithoutANewBeginning() throws Exception {
        var before = declare("shop", "{\"functions\": [\"f\"]}");
        kafka.made.clear();

        var after = declare("shop", "{\"functions\": [\"f\", \"g\"]}");

        assertThat(after.generation()).isEqualTo(before.generation());
        assertThat(after.rule().functions()).containsExactly("f", "g");
        assertThat(kafka.made).isEmpty();
        assertThat(set("shop", "{\"functions\": [\"f\", \"g\"]}").states()).isEmpty();
    }

    @Test
    void whatIsSaidOfATopicThatIsThereHasNoEffectAndIsWarnedOf() throws Exception {
        declare("shop", "{\"functions\": [\"f\"]}");

        assertThat(set("shop", "{\"functions\": [\"f\"], \"partitions\": 8, \"retentionHours\": 24}")
                        .warning())
                .isEmpty();
        var changed = set(
                "shop", "{\"functions\": [\"g\"], \"partitions\": 3, \"retentionHours\": 2, \"start\": \"earliest\"}");
        assertThat(changed.warning())
                .hasValue("the topic stays as it is: it has 8 partitions, it keeps records for PT24H,"
                        + " it is read on from where it is");
        assertThat(changed.states()).hasSize(1);
    }

    @Test
    void aTopicThatIsGoneIsMadeAgainAndReadFromItsBegin() throws Exception {
        kafka.make(SHOP);
        offsets.put(SHOP, 3, 10);
        var before = declare("shop", "{\"functions\": [\"f\"]}");
        kafka.there.remove(SHOP);

        var verdict = setLater("shop", "{\"functions\": [\"f\"], \"partitions\": 3}");

        assertThat(kafka.made).containsExactly("photon.in.shop 3 24h");
        assertBeganAnew(verdict, before);
    }

    private static void assertBeganAnew(Verdict.Accepted verdict, EntryTopic before) {
        assertThat(verdict.warning())
                .hasValueSatisfying(warning -> assertThat(warning).contains("was gone"));
        assertThat(starts(verdict)).isEmpty();
        assertThat(((State.Entry) verdict.states().getFirst()).topic().generation())
                .isGreaterThan(before.generation());
    }

    @Test
    void aTopicThatWasMadeAgainByARegistryThatDiedThenIsReadFromItsBegin() throws Exception {
        kafka.make(SHOP);
        offsets.put(SHOP, 3, 10);
        var before = declare("shop", "{\"functions\": [\"f\"]}");
        kafka.there.remove(SHOP);
        setLater("shop", "{\"functions\": [\"f\"]}");

        var verdict = setLater("shop", "{\"functions\": [\"f\"]}");

        assertThat(kafka.made).hasSize(1);
        assertBeganAnew(verdict, before);
        verdict.states().forEach(this::read);
        assertThat(setLater("shop", "{\"functions\": [\"f\"]}").states()).isEmpty();
    }

    @Test
    void ofADeclarationFromBeforeTopicsHadAnIdTheTopicThatIsFoundIsMeant() throws Exception {
        kafka.make(SHOP);
        offsets.put(SHOP, 3, 10);
        var before = declare("shop", "{\"functions\": [\"f\"]}");
        read(new State.Entry(before.of(Optional.empty())));

        var verdict = setLater("shop", "{\"functions\": [\"f\"]}");

        assertThat(verdict.states()).containsExactly(new State.Entry(before));
    }

    @Test
    void whatMayBeDoneChangesThoughTheTopicCannotBeLookedAt() throws Exception {
        var before = declare("shop", "{\"functions\": [\"f\", \"g\"]}");
        kafka.refusal = Optional.of(new Refused("it has cleanup.policy=compact"));

        var verdict = set("shop", "{\"functions\": [\"f\"]}");

        assertThat(verdict.warning()).hasValue("only what may be done is changed: it has cleanup.policy=compact");
        assertThat(verdict.states())
                .containsExactly(
                        new State.Entry(before.with(EntryDescription.parse("{\"functions\": [\"f\"]}".getBytes(UTF_8))
                                .rule())));
        assertThatExceptionOfType(Refused.class)
                .as("nothing would change")
                .isThrownBy(() -> set("shop", "{\"functions\": [\"f\", \"g\"]}"));
        assertThatExceptionOfType(Refused.class).isThrownBy(() -> set("other", "{\"functions\": [\"f\"]}"));
    }

    @Test
    void whatIsDeclaredAgainBeginsAnew() throws Exception {
        var before = declare("shop", "{\"functions\": [\"f\"]}");
        read(new State.NoEntry("shop"));
        read(new State.NoSecret("later"));

        var verdict = setLater("shop", "{\"functions\": [\"f\"]}");

        assertThat(((State.Entry) verdict.states().getFirst()).topic().generation())
                .isGreaterThan(before.generation());
    }

    @Test
    void theTopicStaysUnlessItIsPurged() throws Exception {
        declare("shop", "{\"functions\": [\"f\"]}");

        var kept = (Verdict.Accepted) decider.delete(new Command.DeleteEntry("shop", false), "ada");
        assertThat(kept.states()).containsExactly(new State.NoEntry("shop"));
        assertThat(kafka.there).containsKey(SHOP);

        decider.delete(new Command.DeleteEntry("shop", true), "ada");
        assertThat(kafka.there).isEmpty();
    }

    @Test
    void whatCannotBePurgedStaysDeclared() throws Exception {
        declare("shop", "{\"functions\": [\"f\"]}");
        kafka.refusal = Optional.of(new Refused("the registry may not Delete it"));

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> decider.delete(new Command.DeleteEntry("shop", true), "ada"))
                .withMessageContaining("may not Delete");
    }

    @Test
    void whatIsNotDeclaredIsNotFound() {
        var refused =
                catchThrowableOfType(Refused.class, () -> decider.delete(new Command.DeleteEntry("shop", true), "ada"));

        assertThat(refused.verdict().kind()).isEqualTo(ErrorKind.NOT_FOUND);
    }

    @Test
    void whatASettingOpensIsNotDeclaredToo() {
        var refused = catchThrowableOfType(Refused.class, () -> set("local", "{\"functions\": [\"f\"]}"));

        assertThat(refused.verdict().kind()).isEqualTo(ErrorKind.CONFLICT);
    }

    @Test
    void thereAreNoMoreThanAHundred() throws Exception {
        for (int i = 0; i < EntryDecider.MOST; i++) {
            declare("e" + i, "{\"functions\": [\"f\"]}");
        }

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> set("one-more", "{\"functions\": [\"f\"]}"))
                .withMessageContaining("100");
        assertThat(set("e7", "{\"functions\": [\"g\"]}").states()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "a/b", "-a", "_a", "ä", "", "a b", "a\u0000b"})
    void aNameIsOneThatTopicsAndGroupsCanHave(String name) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> set(name, "{\"functions\": [\"f\"]}"))
                .withMessageContaining("name of an entry topic");
        assertThat(kafka.made).isEmpty();
    }

    @Test
    void aNameIsNotLongerThanKafkaTakesWithItsPrefix() {
        var settings = Map.of("PHOTON_REGION", "here", "PHOTON_TOPIC_PREFIX", "p".repeat(190));
        var long_ = new EntryDecider(RegionConfig.read(new Settings(settings::get)), VIEW, kafka, offsets, CLOCK);

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> long_.set(
                        new Command.SetEntry("e".repeat(64), "{\"functions\": [\"f\"]}".getBytes(UTF_8)), "ada"))
                .withMessageContaining("longer than Kafka takes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0000', textBlock = """
            not json                                                    | not a JSON object
            []                                                          | not a JSON object
            {}                                                          | functions must name
            {"functions": []}                                           | functions must name
            {"functions": "f"}                                          | functions must be an array
            {"functions": [7]}                                          | functions must be an array
            {"functions": ["*", "f"]}                                   | no function's name
            {"functions": ["../f"]}                                     | no function's name
            {"functions": ["f", "f"]}                                   | each once
            {"functions": ["f"], "functions": ["g"]}                    | not a JSON object
            {"functions": ["f"]} {}                                     | not a JSON object
            {"functions": ["f"], "function": ["g"]}                     | has no 'function'
            {"functions": ["f"], "replyTopics": ["*"]}                  | no topic's name
            {"functions": ["f"], "replyTopics": ["a/b"]}                | no topic's name
            {"functions": ["f"], "replyTopics": ["photon.responses"]}   | platform's own
            {"functions": ["f"], "replyTopics": ["photon.in.shop"]}     | platform's own
            {"functions": ["f"], "replyTopics": ["__consumer_offsets"]} | platform's own
            {"functions": ["f"], "rate": 0}                             | rate must be a whole number
            {"functions": ["f"], "rate": 1.5}                           | rate must be a whole number
            {"functions": ["f"], "rate": "1"}                           | rate must be a whole number
            {"functions": ["f"], "rate": 99999999999999999999}          | rate must be a whole number
            {"functions": ["f"], "burst": 5}                            | beside a rate
            {"functions": ["f"], "deadlineMillis": -1}                  | deadlineMillis must be
            {"functions": ["f"], "partitions": 1001}                    | partitions must be
            {"functions": ["f"], "retentionHours": 169}                 | retentionHours must be
            {"functions": ["f"], "start": "soon"}                       | start must be""")
    void whatIsNoEntryTopicIsRefusedWithItsReason(String json, String reason) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> set("shop", json))
                .withMessageContaining(reason);
        assertThat(kafka.made).isEmpty();
    }
}
