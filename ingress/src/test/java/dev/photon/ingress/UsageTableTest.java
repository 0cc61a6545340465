package dev.photon.ingress;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.UsageRecord;
import dev.photon.protocol.UsageTotals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class UsageTableTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T00:05:00Z"), ZoneOffset.UTC);
    private static final long NOW = CLOCK.millis() / 60_000;
    private static final long DAY = Duration.ofDays(1).toMinutes();

    private final UsageTable table = new UsageTable(CLOCK);

    private static UsageTotals calls(long requests) {
        return new UsageTotals(requests, requests / 2, 3 * requests, 5 * requests);
    }

    private void apply(String instance, long minute, String function, long requests) {
        table.apply(new UsageRecord(instance, minute, function, calls(requests)));
    }

    private UsageTotals all() {
        return table.sum(0, NOW + 2 * DAY);
    }

    @Test
    void whatAnInstanceSaysAgainReplacesWhatItSaid() {
        apply("a", NOW, "f", 4);
        apply("a", NOW, "f", 4);
        apply("a", NOW, "f", 6);

        assertThat(all()).isEqualTo(calls(6));
    }

    @Test
    void functionsInstancesAndMinutesAddUp() {
        apply("a", NOW - 1, "f", 2);
        apply("a", NOW - 1, "g", 4);
        apply("b", NOW - 1, "f", 6);
        apply("a", NOW, "f", 8);

        assertThat(all()).isEqualTo(calls(20));
        assertThat(table.sum(NOW - 1, NOW)).isEqualTo(calls(12));
        assertThat(table.sum(NOW, NOW + 1)).isEqualTo(calls(8));
    }

    @Test
    void anInstanceThatGoesBackIsNotCounted() {
        apply("a", NOW, "f", 2);
        apply("a", NOW - 1, "f", 4);

        assertThat(all()).isEqualTo(calls(2));
    }

    @Test
    void sumsGoOverTheEndOfADay() {
        var midnight = NOW - NOW % DAY;
        apply("a", midnight - 1, "f", 2);
        apply("a", midnight, "f", 4);
        apply("a", midnight + 1, "f", 8);

        assertThat(table.sum(midnight - 1, midnight + 1)).isEqualTo(calls(6));
        assertThat(table.sum(midnight - DAY, midnight)).isEqualTo(calls(2));
        assertThat(table.sum(midnight, midnight + DAY)).isEqualTo(calls(12));
        assertThat(table.sum(midnight, midnight)).isEqualTo(UsageTotals.NONE);
    }

    @Test
    void aClockThatIsFarAheadIsNotBelievedAndOneThatIsALittleIs() {
        apply("late", NOW - 1, "f", 2);
        apply("ahead", NOW + 30, "f", 2);
        apply("mad", Long.MAX_VALUE, "f", 2);
        apply("mad", NOW + 2 * DAY, "f", 2);
        apply("late", NOW, "f", 2);

        assertThat(all()).isEqualTo(calls(6));
    }

    @Test
    void whatIsOlderThanTheRetentionIsNotCounted() {
        apply("a", 0, "f", 2);
        apply("b", NOW - 401 * DAY, "f", 2);
        apply("c", NOW - 399 * DAY, "f", 4);

        assertThat(all()).isEqualTo(calls(4));
    }

    @Test
    void anInstanceThatFellADayBehindGoesOnWithItsNextMinuteAndNotWithItsLast() {
        apply("frozen", NOW - 2 * DAY, "f", 2);
        apply("other", NOW - 1, "f", 2);
        apply("frozen", NOW - 2 * DAY, "f", 4);
        apply("frozen", NOW, "f", 8);

        assertThat(all()).isEqualTo(calls(12));
    }

    /** What an instance has counted of a function at some time: more than before, or of a later minute. */
    record Step(String instance, String function, int calls, int minutes) {}

    @Property
    void theOrderAmongInstancesRepeatsAndCompactionChangeNothing(@ForAll("steps") List<Step> steps, @ForAll long seed) {
        var log = log(steps);
        var last = new HashMap<String, UsageRecord>();
        log.forEach(usage -> last.put(key(usage), usage));
        var expected = last.values().stream().map(UsageRecord::totals).reduce(UsageTotals.NONE, UsageTotals::plus);
        var random = new Random(seed);

        assertThat(read(log)).isEqualTo(expected);
        assertThat(read(shuffled(log, random))).isEqualTo(expected);
        assertThat(read(compacted(shuffled(log, random), random))).isEqualTo(expected);
    }

    private static UsageTotals read(List<UsageRecord> log) {
        var table = new UsageTable(CLOCK);
        log.forEach(table::apply);
        return table.sum(0, NOW + DAY);
    }

    private static String key(UsageRecord usage) {
        return usage.instance() + usage.minute() + usage.function();
    }

    private static List<UsageRecord> log(List<Step> steps) {
        var log = new ArrayList<UsageRecord>();
        var minutes = new HashMap<String, Long>();
        var totals = new HashMap<String, UsageTotals>();
        for (var step : steps) {
            var minute =
                    minutes.merge(step.instance(), NOW - 100 + step.minutes(), (old, first) -> old + step.minutes());
            var key = step.instance() + minute + step.function();
            var sum = totals.merge(key, calls(step.calls()), UsageTotals::plus);
            log.add(new UsageRecord(step.instance(), minute, step.function(), sum));
        }
        return log;
    }

    /** In another order among the instances, with each one's own order kept, and some things said twice. */
    private static List<UsageRecord> shuffled(List<UsageRecord> log, Random random) {
        Map<String, Deque<UsageRecord>> left = new HashMap<>();
        log.stream()
                .collect(groupingBy(UsageRecord::instance))
                .forEach((instance, records) -> left.put(instance, new ArrayDeque<>(records)));
        var shuffled = new ArrayList<UsageRecord>();
        while (!left.isEmpty()) {
            var instances = List.copyOf(left.keySet());
            var instance = instances.get(random.nextInt(instances.size()));
            var next = left.get(instance).removeFirst();
            shuffled.add(next);
            if (random.nextBoolean()) {
                shuffled.add(next);
            }
            if (left.get(instance).isEmpty()) {
                left.remove(instance);
            }
        }
        return shuffled;
    }

    /** Without some of the records that have a later one of the same key. */
    private static List<UsageRecord> compacted(List<UsageRecord> log, Random random) {
        var later = new HashSet<String>();
        var kept = new ArrayDeque<UsageRecord>();
        for (var usage : log.reversed()) {
            if (later.add(key(usage)) || random.nextBoolean()) {
                kept.addFirst(usage);
            }
        }
        return List.copyOf(kept);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.of("f", "g"),
                        Arbitraries.integers().between(1, 9),
                        Arbitraries.of(0, 0, 0, 1, 2))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }
}
