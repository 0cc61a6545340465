package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TriggerSettingsTest {
    private static final String LEAST = "name = \"f\"\nversion = \"1.0.0\"\n";

    @Test
    void readsAllThatATriggerSays() throws Refused {
        var config = FunctionConfig.parse(LEAST + """
            [[triggers]]
            topic = "orders"
            start = "2026-01-31T12:00:00Z"
            ordering = "none"
            concurrency = 7
            output = "orders.done"
            delivery = "at-most-once"
            on_error = { retries = 0, backoff_ms = 3600000, dead_letter = "orders.failed" }
            """);

        assertThat(config.triggers())
                .containsExactly(new TriggerRule(
                        "orders",
                        new TriggerRule.Start.At(Instant.parse("2026-01-31T12:00:00Z")),
                        TriggerRule.Ordering.NONE,
                        7,
                        Optional.of("orders.done"),
                        TriggerRule.Delivery.AT_MOST_ONCE,
                        new TriggerRule.OnError(0, 3_600_000, Optional.of("orders.failed"))));
        assertThat(config.warning()).isEmpty();
    }

    @Test
    void aTriggerNeedsNoMoreThanATopic() throws Refused {
        assertThat(FunctionConfig.parse(LEAST + "[[triggers]]\ntopic = \"orders\"\n")
                        .triggers())
                .containsExactly(new TriggerRule(
                        "orders",
                        new TriggerRule.Start.Latest(),
                        TriggerRule.Ordering.KEY,
                        100,
                        Optional.empty(),
                        TriggerRule.Delivery.AT_LEAST_ONCE,
                        TriggerRule.OnError.DEFAULT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"start = 2026-01-31T12:00:00Z", "start = \"2026-01-31T13:00:00+01:00\""})
    void aTimeMayBeWrittenAsTomlDoesAndOfAnyZone(String start) throws Refused {
        assertThat(FunctionConfig.parse(LEAST + "[[triggers]]\ntopic = \"a\"\n" + start)
                        .triggers()
                        .getFirst()
                        .start())
                .hasToString("2026-01-31T12:00:00Z");
    }

    @Test
    void withoutTriggersThereAreNone() throws Refused {
        assertThat(FunctionConfig.parse(LEAST).triggers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|needs a topic",
                "topic = 1|triggers.topic must be a text",
                "topic = \"\"|triggers.topic must be 1 to 249 letters",
                "topic = \"a/b\"|triggers.topic must be 1 to 249 letters",
                "topic = \"..\"|neither '.' nor '..'",
                "topic = \"a\"; strat = \"latest\"|but no 'strat'",
                "topic = \"a\"; start = \"soon\"|triggers.start must be",
                "topic = \"a\"; start = \"1969-12-31T23:59:59Z\"|triggers.start must be",
                "topic = \"a\"; start = 5|triggers.start must be a text",
                "topic = \"a\"; ordering = \"all\"|triggers.ordering must be \"key\" or \"none\"",
                "topic = \"a\"; concurrency = 0|triggers.concurrency must be a whole number from 1 to 10000",
                "topic = \"a\"; concurrency = 10001|triggers.concurrency must be a whole number from 1 to 10000",
                "topic = \"a\"; output = \"b c\"|triggers.output must be 1 to 249 letters",
                "topic = \"a\"; output = \"a\"|would run without end",
                "topic = \"a\"; delivery = \"twice\"|triggers.delivery must be",
                "topic = \"a\"; delivery = \"exactly-once\"|\"exactly-once\" is about what goes to an output, and there is none",
                "topic = \"a\"; on_error = 3|triggers.on_error must be a table",
                "topic = \"a\"; on_error = { retry = 1 }|triggers.on_error has retries, backoff_ms and dead_letter",
                "topic = \"a\"; on_error = { retries = 101 }|triggers.on_error.retries must be a whole number from 0 to 100",
                "topic = \"a\"; on_error = { backoff_ms = 0 }|triggers.on_error.backoff_ms must be a whole number",
                "topic = \"a\"; on_error = { dead_letter = \"!\" }|triggers.on_error.dead_letter must be 1 to 249",
                "topic = \"a\"; on_error = { dead_letter = \"a\" }|would run without end"
            })
    void whatATriggerCannotSayIsRefusedWithASentence(String lines, String reason) {
        var table = lines == null ? "" : lines.replace(";", "\n");

        assertRefused("[[triggers]]\n" + table, reason);
    }

    @Test
    void aTopicHasOneTriggerOfAFunction() {
        assertRefused("[[triggers]]\ntopic = \"a\"\n".repeat(2), "'a' has two triggers");
    }

    @Test
    void aFunctionHasAtMostTwentyTriggers() {
        var tables = new StringBuilder();
        for (int topic = 0; topic <= 20; topic++) {
            tables.append("[[triggers]]\ntopic = \"t").append(topic).append("\"\n");
        }

        assertRefused(tables.toString(), "at most 20 triggers");
    }

    @Test
    void triggersAreTables() {
        assertRefused("triggers = 1\n", "triggers must be tables [[triggers]]");
        assertRefused("triggers = [1]\n", "a trigger needs a topic");
    }

    private static void assertRefused(String toml, String reason) {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> FunctionConfig.parse(LEAST + toml))
                .withMessageContaining(reason);
    }
}
