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
    private static final Reading WORK = new Reading(Map.of("a", 2L, "b", 3L), Map.of());
    private static final Reading NONE = new Reading(Map.of("a", 0L, "b", 0L), Map.of());

    private static final List<String> BOTH = List.of("a", "b");

    private final BacklogWatch watch = new BacklogWatch();

    @Test
    void knowsNothingBeforeTheFirstReading() {
        assertThat(watch.outlook(BOTH, START)).isInstanceOf(Outlook.Unknown.class);
    }

    @Test
    void addsUpAllTopics() {
        watch.read(WORK, START);

        assertThat(watch.outlook(BOTH, START)).isEqualTo(new Outlook.Known(5, Optional.of(Duration.ZERO)));
    }

    @Test
    void countsTheTopicsOfAPoolAlone() {
        watch.read(new Reading(Map.of("a", 2L, "b", 0L), Map.of()), START);

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
}
