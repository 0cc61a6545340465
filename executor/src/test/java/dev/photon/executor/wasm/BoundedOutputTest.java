package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.wasm.types.MemoryLimits;
import org.junit.jupiter.api.Test;

class BoundedOutputTest {
    private final LinearMemory memory = new LinearMemory(new MemoryLimits(1, 1));
    private final BoundedOutput output = new BoundedOutput(65_536);

    @Test
    void keepsTheBeginningAndCountsTheRest() {
        output.append(memory, 0, 60_000);
        output.append(memory, 0, 60_000);

        assertThat(output.size()).isEqualTo(65_536);
        assertThat(output.dropped()).isEqualTo(120_000 - 65_536);
    }

    @Test
    void readsNothingThatItDoesNotKeep() {
        output.append(memory, 0, 65_536);

        output.append(memory, 65_000, -1);

        assertThat(output.dropped()).isEqualTo((1L << 32) - 1);
    }
}
