package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class BoundedOutputTest {
    private final LinearMemory memory = new LinearMemory(new MemoryLimits(1, 1));
    private final BoundedOutput output = new BoundedOutput(65_536, bytes -> true);

    @Test
    void keepsTheBeginningAndCountsTheRest() {
        output.append(memory, 0, 60_000);
        output.append(memory, 0, 60_000);

        assertThat(output.size()).isEqualTo(65_536);
        assertThat(output.dropped()).isEqualTo(120_000 - 65_536);
    }

    @Test
    void asksForRoomOnlyForWhatFewRunsWrite() {
        var asked = new ArrayList<Long>();
        var large = new BoundedOutput(1 << 20, asked::add);

        large.append(memory, 0, BoundedOutput.UNASKED / 2);
        assertThat(asked).isEmpty();
        large.append(memory, 0, BoundedOutput.UNASKED / 2 + 1);

        assertThat(asked).hasSize(1);
        assertThat(asked.getFirst()).isGreaterThan(BoundedOutput.UNASKED);
    }

    @Test
    void endsAnAnswerAndCutsALogThatFindNoRoom() {
        var answer = new BoundedOutput(1 << 20, bytes -> false);
        var log = new BoundedOutput(1 << 20, bytes -> false);

        assertThatExceptionOfType(MemoryFull.class).isThrownBy(() -> answer.append(memory, 0, 65_536));
        log.appendWhatFits(memory, 0, 65_536);

        assertThat(log.size()).isZero();
        assertThat(log.dropped()).isEqualTo(65_536);
    }

    @Test
    void readsNothingThatItDoesNotKeep() {
        output.append(memory, 0, 65_536);

        output.append(memory, 65_000, -1);

        assertThat(output.dropped()).isEqualTo((1L << 32) - 1);
    }
}
