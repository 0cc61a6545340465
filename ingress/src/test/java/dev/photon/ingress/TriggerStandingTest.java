package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TriggerStandingTest {
    @Test
    void whatIsNotCommittedIsLeftFromTheStartOn() {
        assertThat(partition(3, Optional.empty(), 0, 10).lag()).isEqualTo(7);
        assertThat(partition(3, Optional.of(9L), 0, 10).lag()).isEqualTo(1);
    }

    @Test
    void recordsThatRetentionTookAreNotLeft() {
        assertThat(partition(0, Optional.empty(), 6, 10).lag()).isEqualTo(4);
        assertThat(partition(0, Optional.of(1L), 6, 10).lag()).isEqualTo(4);
    }

    @Test
    void aTopicThatWasMadeAnewIsLeftFromItsBeginOnAndToldOf() {
        var anew = partition(50, Optional.of(60L), 2, 10);

        assertThat(anew.lag()).isEqualTo(8);
        assertThat(partition(50, Optional.empty(), 0, 10).lag()).isEqualTo(10);
        assertThat(TriggerStanding.problem(List.of(anew)).orElseThrow())
                .contains("made anew")
                .contains("seek");
    }

    @Test
    void whatIsFinishedIsNoProblem() {
        var finished = List.of(partition(3, Optional.of(10L), 0, 10), partition(10, Optional.empty(), 0, 10));

        assertThat(TriggerStanding.problem(finished)).isEmpty();
    }

    private static TriggerStanding.Partition partition(long start, Optional<Long> committed, long begin, long end) {
        return new TriggerStanding.Partition(start, committed, begin, end);
    }
}
