package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryPoolTest {
    private static final long PAGE = Memory.PAGE_SIZE;

    private final MemoryPool pool = new MemoryPool(16 * PAGE);
    /** The pool does not hold it. */
    private MemoryPool.Idle idle;

    private LinearMemory memory(int pages) {
        return pool.memory(new MemoryLimits(pages, 64), 0);
    }

    @Test
    void handsABlockOnWithoutWhatWasWritten() {
        var first = memory(1);
        first.fill((byte) 1, 0, (int) PAGE);
        first.close();

        var second = memory(1);

        assertThat(second.readBytes(0, (int) PAGE)).containsOnly(0);
    }

    @Test
    void handsOnTheRoomThatGrowingLeftWithoutWhatWasWritten() {
        var first = memory(1);
        first.grow(1);
        first.fill((byte) 1, 0, 2 * (int) PAGE);
        first.close();

        var second = memory(1);
        second.grow(1);

        assertThat(second.readBytes(0, 2 * (int) PAGE)).containsOnly(0);
    }

    @Test
    void refusesWhatIsBeyondTheBudget() {
        memory(12);

        assertThatExceptionOfType(MemoryFull.class).isThrownBy(() -> memory(5));
    }

    @Test
    void dropsWhatIsIdleForWhatIsNeeded() {
        IntStream.range(0, 4).mapToObj(i -> memory(1)).toList().forEach(LinearMemory::close);

        assertThat(memory(16).pages()).isEqualTo(16);
    }

    @Test
    void waitsForWhatOthersGiveBack() throws Exception {
        var others = memory(16);
        try (var threads = Executors.newSingleThreadExecutor()) {
            var waiting = threads.submit(() -> pool.memory(new MemoryLimits(16, 16), 60_000));
            await().until(pool::isAwaited);

            others.close();

            assertThat(waiting.get().pages()).isEqualTo(16);
        }
    }

    @Test
    void startsOverWithZerosAndTheSizeItHad() {
        var memory = memory(1);
        memory.grow(1);
        memory.fill((byte) 1, 0, 2 * (int) PAGE);

        memory.startOver();

        assertThat(memory.pages()).isEqualTo(1);
        memory.grow(1);
        assertThat(memory.readBytes(0, 2 * (int) PAGE)).containsOnly(0);
    }

    @Test
    void startsOverWithoutTheRoomThatItGrewTo() {
        var memory = memory(2);
        memory.grow(6);

        memory.startOver();

        assertThat(memory(14).pages()).isEqualTo(14);
        memory.close();
        assertThat(memory(2).pages()).isEqualTo(2);
    }

    @Test
    void givesUpWaitingWhenInterrupted() {
        memory(16);
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(ChicoryInterruptedException.class)
                .isThrownBy(() -> pool.memory(new MemoryLimits(16, 16), 60_000));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void countsOldAndNewWhileGrowing() {
        var memory = memory(8);

        assertThat(memory.grow(2)).isEqualTo(-1);
        assertThat(memory.pages()).isEqualTo(8);
    }

    @Test
    void dropsNothingForWhatNeverFits() {
        var memory = memory(10);
        memory(2).close();

        assertThatExceptionOfType(MemoryFull.class)
                .isThrownBy(() -> pool.memory(new MemoryLimits(17, 64), Long.MAX_VALUE));
        assertThat(memory.grow(2)).isEqualTo(-1);
        assertThat(new HostShare(pool).take(17 * PAGE)).isFalse();

        assertThat(pool.freeBytes()).isEqualTo(4 * PAGE);
    }

    /** Not on an event loop, which may be where memory is short. */
    @Test
    void clearsNothingOfWhatIsDropped() {
        var block = pool.take(4, 0).orElseThrow();
        block.mark(0, 1);
        idle = () -> pool.give(block);
        pool.mayDrop(idle);

        assertThat(pool.reserve(16, 0)).isTrue();

        assertThat(block.mayHold(0)).isTrue();
    }

    @Test
    void growsWithinTheBudget() {
        var memory = memory(4);
        memory.writeI32(12, 34);

        assertThat(memory.grow(4)).isEqualTo(4);
        assertThat(memory.readInt(12)).isEqualTo(34);
    }

    @Test
    void closesTwiceWithoutHarm() {
        var memory = memory(3);

        memory.close();
        memory.close();

        assertThat(memory(16).pages()).isEqualTo(16);
    }

    /** Threads that take, grow, fill and give back: nobody sees another's bytes, and nothing of the budget is lost. */
    @Test
    void keepsApartWhoSharesIt() throws Exception {
        var seen = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                threads.submit(() -> IntStream.range(0, 2_000).forEach(round -> seen.addAndGet(useOnce())));
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }

        assertThat(seen).hasValue(0);
        assertThat(memory(16).pages()).isEqualTo(16);
    }

    /** How many bytes of another it saw. */
    private int useOnce() {
        var random = ThreadLocalRandom.current();
        try (var memory = pool.memory(new MemoryLimits(1 + random.nextInt(6), 12), 1)) {
            memory.grow(random.nextInt(3));
            var strange = strange(memory);
            for (int i = 0; i < 20; i++) {
                memory.writeLong(random.nextInt(memory.pages() * (int) PAGE - 7), -1L);
            }
            return strange;
        } catch (MemoryFull e) {
            return 0;
        }
    }

    private static int strange(LinearMemory memory) {
        var count = 0;
        for (var one : memory.readBytes(0, memory.pages() * (int) PAGE)) {
            count += one == 0 ? 0 : 1;
        }
        return count;
    }
}
