package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RunLimitsTest {
    @Test
    void refusesWhatIsOutOfRange() {
        refuses(0, 1, 1, "runMillis is 0");
        refuses(1, 0, 1, "memoryPages is 0");
        refuses(1, 32768, 1, "must be 1 to 32767");
        refuses(1, 1, 0, "answerBytes is 0");
    }

    private static void refuses(long millis, int pages, int bytes, String reason) {
        assertThatThrownBy(() -> new RunLimits(millis, pages, bytes, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
