package dev.photon.ingress.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BacklogWatchTest {
    private static final long START = Long.MAX_VALUE - 5;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Reading WORK = reading(2, 3);
    private static final Reading NONE = reading(0, 0);

    private static final List<String> BOTH = List.of("a", "b");

    private final BacklogWatch watch = new BacklogWatch();

    /** Of a group in each pool. */
    private static Reading reading(long a, long b) {
        return new Reading(Map.of("ga", work("a", a), "gb", work("b", b)), Map.of());
    }

    private static Reading.Work work(String pool, long unfinished) {
        return new Reading.Work("topic", pool, unfinished, 0);
    }

    @Test
    void knowsNothingBeforeTheFirstReading() {
        assertThat(watch.outlook(BOTH, START)).isInstanceOf(Outlook.Unknown.class);
    }

    @Test
    void addsUpAllPools() {
        watch.read(WORK, START);

        assertThat(watch.outlook(BOTH, START)).isEqualTo(new Outlook.Known(5, Optional.of(Duration.ZERO)));
    }

    @Test
    void countsTheWorkOfAPoolAlone() {
        watch.read(reading(2, 0), START);

        assertThat(watch.outlook(List.of("a"), START)).isEqualTo(new Outlook.Known(2, Optional.of(Duration.ZERO)));
        assertThat(watch.outlook(List.of("b"), START)).isEqualTo(new Outlook.Known(0, Optional.empty()));
    }

    @Test
    void isIdleFromTheLastWorkOn() {
        watch.read(WORK, START);
        watch.read(NONE, START + SECOND);
        watch.read(NONE, START + 2 * SECOND);

        assertThat(watch.outlook(BOTH, START + 3 * SECOND))
                .isEqualTo(new Outlook.Known(0, Optional.of(Duration.ofSeconds(3))));
    }

    @Test
    void wasNeverBusyWhenNoWorkWasSeen() {
        watch.read(NONE, START);

        assertThat(watch.outlook(BOTH, START)).isEqualTo(new Outlook.Known(0, Optional.empty()));
    }

    @Test
    void knowsNothingOnceAReadingIsOld() {
        watch.read(WORK, START);

        assertThat(watch.outlook(BOTH, START + 3 * SECOND)).isInstanceOf(Outlook.Known.class);
        assertThat(watch.outlook(BOTH, START + 3 * SECOND + 1)).isInstanceOf(Outlook.Unknown.class);
    }

    @Test
    void knowsNothingOnceTheBrokersDidNotAnswer() {
        watch.read(NONE, START);
        watch.failed();

        assertThat(watch.outlook(BOTH, START)).isInstanceOf(Outlook.Unknown.class);
    }

    @Test
    void remembersOverAnOutageWhenThereWasWork() {
        watch.read(WORK, START);
        watch.failed();
        watch.read(NONE, START + SECOND);

        assertThat(watch.outlook(BOTH, START + SECOND))
                .isEqualTo(new Outlook.Known(0, Optional.of(Duration.ofSeconds(1))));
    }

    @Test
    void whatCannotBeReadCountsAsItDidLast() {
        watch.read(WORK, START);
        watch.failed();
        watch.read(new Reading(Map.of("ga", work("a", 1)), Map.of("gb", "no leader")), START + SECOND);

        assertThat(watch.outlook(BOTH, START + SECOND)).isEqualTo(new Outlook.Known(4, Optional.of(Duration.ZERO)));
    }

    @Test
    void whatIsNotThereAnyMoreDoesNotCount() {
        watch.read(WORK, START);
        watch.read(new Reading(Map.of("ga", work("a", 0)), Map.of()), START + SECOND);

        assertThat(watch.outlook(BOTH, START + SECOND))
                .isEqualTo(new Outlook.Known(0, Optional.of(Duration.ofSeconds(1))));
    }

    @Test
    void whatWasNeverReadCountsForNothing() {
        watch.read(new Reading(Map.of("ga", work("a", 1)), Map.of("gb", "not allowed")), START);

        assertThat(watch.outlook(BOTH, START)).isEqualTo(new Outlook.Known(1, Optional.of(Duration.ZERO)));
    }
}
