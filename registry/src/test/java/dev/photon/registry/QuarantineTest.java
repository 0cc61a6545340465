package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuarantineTest {
    private final AtomicLong millis = new AtomicLong(1_000_000);
    private final InstantSource source = () -> Instant.ofEpochMilli(millis.get());
    private final Quarantine quarantine = new Quarantine(source.withZone(ZoneOffset.UTC));
    private final ArrayList<Stamped> released = new ArrayList<>();

    private static Stamped at(long millis) {
        return new Stamped(new State.NoAlias("f", "live"), "eu", Stamp.at(Stamp.atMillis(millis)));
    }

    @Test
    void letsThroughWhatIsAMinuteAhead() {
        assertThat(quarantine.holds("eu", at(1_060_000))).isFalse();
        assertThat(quarantine.size()).isZero();
    }

    @Test
    void holdsWhatIsFurtherAheadUntilItIsNot() {
        assertThat(quarantine.holds("eu", at(1_060_001))).isTrue();
        quarantine.release((origin, state) -> released.add(state));
        assertThat(released).isEmpty();
        assertThat(quarantine.size()).isOne();

        millis.addAndGet(1);
        quarantine.release((origin, state) -> released.add(state));

        assertThat(released).containsExactly(at(1_060_001));
        assertThat(quarantine.size()).isZero();
    }

    @Test
    void keepsTheOrderOfARegionsLog() {
        assertThat(quarantine.holds("eu", at(2_000_000))).isTrue();
        assertThat(quarantine.holds("eu", at(1))).isTrue();
        millis.set(2_000_000);
        quarantine.release((origin, state) -> released.add(state));

        assertThat(released).containsExactly(at(2_000_000), at(1));
    }

    @Test
    void otherRegionsGoOn() {
        assertThat(quarantine.holds("eu", at(2_000_000))).isTrue();

        assertThat(quarantine.holds("us", at(1))).isFalse();
    }
}
