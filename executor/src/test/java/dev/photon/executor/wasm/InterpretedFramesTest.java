package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import org.junit.jupiter.api.Test;

class InterpretedFramesTest {
    /** A megabyte and a half. */
    private static final int MANY_OPERANDS = 65_536;

    private final MemoryPool pool = new MemoryPool(40L * Memory.PAGE_SIZE);
    private final LinearMemory memory = pool.memory(new MemoryLimits(1, 64), 0);
    private final InterpretedFrames frames =
            new InterpretedFrames(Instance.builder(Parser.parse(TestingModule.withFrames(1, 0, 0)))
                    .withMemoryFactory(declared -> memory)
                    .withStart(false)
                    .build());

    @Test
    void givesBackWhatNestedCallsTookAfterTheOutermost() {
        var free = pool.freeBytes();
        frames.enter(0, 0);
        var outermost = frames.bytes();
        frames.enter(0, MANY_OPERANDS);

        frames.leave(outermost);
        assertThat(pool.freeBytes()).isLessThan(free);

        frames.leave(0);
        assertThat(pool.freeBytes()).isEqualTo(free);
    }

    @Test
    void countsAgainWhatLaterCallsTake() {
        frames.enter(0, MANY_OPERANDS);
        frames.leave(0);
        var free = pool.freeBytes();

        frames.enter(0, MANY_OPERANDS);

        assertThat(pool.freeBytes()).isLessThan(free);
    }

    @Test
    void keepsNothingOfACallThatFoundNoRoom() {
        var free = pool.freeBytes();
        frames.enter(0, 0);
        var outermost = frames.bytes();

        assertThatExceptionOfType(MemoryFull.class).isThrownBy(() -> frames.enter(0, 2 * MANY_OPERANDS));
        frames.leave(outermost);
        frames.leave(0);

        assertThat(frames.bytes()).isZero();
        assertThat(pool.freeBytes()).isEqualTo(free);
    }
}
