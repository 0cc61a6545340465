package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class UsageMinuteTest {
    private static UsageTotals calls(long requests) {
        return new UsageTotals(requests, 0, 2 * requests, 3 * requests);
    }

    private static UsageRecord usage(long minute, String function, long requests) {
        return new UsageRecord("i", minute, function, calls(requests));
    }

    @Test
    void sendsOnlyWhatChangedAndAlwaysAllOfTheMinute() {
        var minute = new UsageMinute("i", 10);
        minute.sample(Map.of("f", calls(3), "g", calls(1)), 10);
        minute.unsent().forEach(minute::acknowledged);

        minute.sample(Map.of("f", calls(5), "g", calls(1)), 10);

        assertThat(minute.unsent()).containsExactly(usage(10, "f", 5));
    }

    @Test
    void aNewMinuteCountsFromNothing() {
        var minute = new UsageMinute("i", 10);
        minute.sample(Map.of("f", calls(3)), 11);
        minute.unsent().forEach(minute::acknowledged);

        assertThat(minute.advance(11)).isTrue();
        minute.sample(Map.of("f", calls(4)), 11);

        assertThat(minute.unsent()).containsExactly(usage(11, "f", 1));
    }

    @Test
    void staysInItsMinuteWhileTheLogDoesNotKnowAllOfIt() {
        var minute = new UsageMinute("i", 10);
        minute.sample(Map.of("f", calls(3)), 11);
        assertThat(minute.advance(11)).isFalse();

        minute.sample(Map.of("f", calls(9)), 15);

        assertThat(minute.unsent()).containsExactly(usage(10, "f", 3));
        minute.unsent().forEach(minute::acknowledged);
        assertThat(minute.advance(15)).isTrue();
        minute.sample(Map.of("f", calls(9)), 15);
        assertThat(minute.unsent()).containsExactly(usage(15, "f", 6));
    }

    @Test
    void aClockThatGoesBackReopensNoMinute() {
        var minute = new UsageMinute("i", 10);
        minute.sample(Map.of("f", calls(3)), 9);

        assertThat(minute.unsent()).containsExactly(usage(10, "f", 3));
        assertThat(minute.advance(9)).isFalse();
    }

    /** What happens from one look at the counters to the next. */
    record Step(String function, int calls, int minutes, boolean acknowledged) {}

    @Property
    void theLastRecordsOfAllKeysAddUpToWhatWasCountedAndMinutesNeverGoBack(@ForAll("steps") List<Step> steps) {
        var minute = new UsageMinute("i", 10);
        var totals = new HashMap<String, UsageTotals>();
        var log = new HashMap<String, UsageRecord>();
        var present = 10L;
        var newest = 0L;
        for (var step : steps) {
            totals.merge(step.function(), calls(step.calls()), UsageTotals::plus);
            present += step.minutes();
            do {
                minute.sample(totals, present);
                for (var sent : minute.unsent()) {
                    assertThat(sent.minute()).isGreaterThanOrEqualTo(newest);
                    newest = sent.minute();
                    log.put(sent.key(), sent);
                    if (step.acknowledged()) {
                        minute.acknowledged(sent);
                    }
                }
            } while (minute.advance(present));
        }
        do {
            minute.sample(totals, present);
            minute.unsent().forEach(sent -> {
                log.put(sent.key(), sent);
                minute.acknowledged(sent);
            });
        } while (minute.advance(present));

        var sums = new HashMap<String, UsageTotals>();
        log.values().forEach(sent -> sums.merge(sent.function(), sent.totals(), UsageTotals::plus));
        assertThat(sums).isEqualTo(totals);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of("f", "g", "h"),
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.of(0, 0, 0, 1, 3),
                        Arbitraries.of(true, true, false))
                .as(Step::new)
                .list()
                .ofMaxSize(30);
    }
}
