package dev.photon.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Digest;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final Digest CONTENT = Digest.of(new byte[] {1});
    private static final Digest OTHER = Digest.of(new byte[] {2});

    private long now = 7;
    private final Retries retries = new Retries(() -> now);

    @Test
    void whatNeverFailedIsDue() {
        assertThat(retries.due(CONTENT)).isTrue();
        assertThat(retries.isEmpty()).isTrue();
    }

    @Test
    void eachFailureDoublesTheWaitUpToAMinute() {
        for (var seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            retries.failed(CONTENT);

            pass(Duration.ofSeconds(seconds).minusNanos(1));
            assertThat(retries.due(CONTENT)).isFalse();
            pass(Duration.ofNanos(1));
            assertThat(retries.due(CONTENT)).isTrue();
        }
    }

    @Test
    void oneThatFailedHoldsUpNoOther() {
        retries.failed(CONTENT);

        assertThat(retries.due(OTHER)).isTrue();
    }

    @Test
    void whatIsNotWantedAnyMoreIsForgotten() {
        retries.failed(CONTENT);
        retries.failed(OTHER);

        retries.retain(Set.of(OTHER));

        assertThat(retries.due(CONTENT)).isTrue();
        assertThat(retries.due(OTHER)).isFalse();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
