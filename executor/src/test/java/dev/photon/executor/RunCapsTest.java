package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.registry.Manifest;
import org.junit.jupiter.api.Test;

class RunCapsTest {
    private static final Manifest.Limits DEPLOYED = new Manifest.Limits(1_000, 100, 10, 20, 5, 50, 1_000);

    @Test
    void takesTheSmallerOfEachLimit() {
        var lower = new RunCaps(999, 99 << 16, 4, 49, 999, 9, 19).bound(DEPLOYED);
        var higher = new RunCaps(1_001, 101 << 16, 6, 51, 1_001, 11, 21).bound(DEPLOYED);

        assertThat(lower).isEqualTo(new Manifest.Limits(999, 99, 9, 19, 4, 49, 999));
        assertThat(higher).isEqualTo(DEPLOYED);
    }

    @Test
    void countsWholePagesOnly() {
        var bounded = new RunCaps(1_000, (2 << 16) - 1, 1, 1, 0, 1, 0).bound(DEPLOYED);

        assertThat(bounded.memoryPages()).isEqualTo(1);
    }
}
