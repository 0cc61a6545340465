package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryBlockTest {

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "2,2", "7,7", "8,8", "9,10", "16,16", "17,20", "20,20", "21,24", "100,112", "32767,32767"
    })
    void hasRoomForAQuarterMoreAtMost(int pages, int capacity) {
        assertThat(MemoryBlock.capacity(pages)).isEqualTo(capacity);
    }

    @Test
    void scrubsAStoreThatGoesBeyondItsCard() {
        var block = MemoryBlock.of(1);
        for (int i = 4095; i < 4103; i++) {
            block.bytes()[i] = 1;
        }
        block.mark(4095, 1);

        block.scrub();

        assertThat(block.bytes()).containsOnly(0);
        assertThat(block.written()).containsOnly(0);
    }

    @Test
    void scrubsTheLastCard() {
        var block = MemoryBlock.of(1);
        block.bytes()[Memory.PAGE_SIZE - 1] = 1;
        block.mark(Memory.PAGE_SIZE - 1, 1);

        block.scrub();

        assertThat(block.bytes()).containsOnly(0);
    }

    @Test
    void marksEveryCardOfARange() {
        var block = MemoryBlock.of(1);

        block.mark(4095, 4098);

        assertThat(block.written()).startsWith(1, 1, 1, 0).endsWith(0);
    }
}
