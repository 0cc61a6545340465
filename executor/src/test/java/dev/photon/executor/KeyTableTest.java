package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.CallKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeyTableTest {
    private static final Duration KEPT = Duration.ofHours(1);
    private static final long NOW = 1_800_000_000_000L;
    private static final long LATER = NOW + KEPT.toMillis() + 1_000;

    private final KeyTable table = new KeyTable(KEPT);

    private static String hash(int number) {
        return CallKey.hash(new CallKey.Caller.Key("one"), "f", "key " + number);
    }

    @Test
    void theFirstAnswerCounts() {
        table.add(hash(1), 10, NOW);
        table.add(hash(1), 11, NOW + 1);

        assertThat(table.find(hash(1), NOW + 2)).contains(10L);
        assertThat(table.first(hash(1))).contains(10L);
        assertThat(table.find(hash(2), NOW)).isEmpty();
    }

    @Test
    void anAnswerIsGivenForItsTimeAndThenTheNextOneIsTheFirst() {
        table.add(hash(1), 10, NOW);

        assertThat(table.find(hash(1), NOW + KEPT.toMillis())).contains(10L);
        assertThat(table.find(hash(1), LATER)).isEmpty();

        table.add(hash(1), 20, LATER);
        assertThat(table.find(hash(1), LATER)).contains(20L);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void growsAndForgetsWhatIsTooOld() {
        for (int number = 0; number < 100_000; number++) {
            table.add(hash(number), number, number < 60_000 ? NOW : LATER);
        }
        for (int number = 60_000; number < 100_000; number++) {
            assertThat(table.find(hash(number), LATER)).contains((long) number);
        }

        table.forgetOld(LATER, 60_000);

        assertThat(table.size()).isEqualTo(40_000);
        assertThat(table.find(hash(0), NOW)).isEmpty();
        assertThat(table.find(hash(99_999), LATER)).contains(99_999L);
    }

    @Test
    void forgetsWhatIsNotInTheLogAnyMore() {
        table.add(hash(1), 10, NOW);
        table.add(hash(2), 11, NOW);

        table.forgetOld(NOW, 11);

        assertThat(table.find(hash(1), NOW)).isEmpty();
        assertThat(table.find(hash(2), NOW)).contains(11L);
    }

    @Test
    void countsTheKeysOfEachFunction() {
        var other = CallKey.hash(new CallKey.Caller.Key("one"), "g", "key");
        table.add(hash(1), 10, NOW);
        table.add(hash(2), 11, NOW);
        table.add(hash(2), 12, NOW);
        table.add(other, 13, LATER);

        assertThat(table.size(CallKey.function(hash(1)))).isEqualTo(2);
        assertThat(table.size(CallKey.function(other))).isEqualTo(1);
        table.forgetOld(LATER, 0);
        assertThat(table.size(CallKey.function(hash(1)))).isZero();
    }
}
