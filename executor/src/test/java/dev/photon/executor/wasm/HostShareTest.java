package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import org.junit.jupiter.api.Test;

class HostShareTest {
    private static final long PAGE = Memory.PAGE_SIZE;

    private final MemoryPool pool = new MemoryPool(16 * PAGE);
    private final HostShare share = new HostShare(pool);

    private long freePages() {
        return pool.freeBytes() / PAGE;
    }

    @Test
    void takesWholePagesAndGivesThemBackWithTheLastByte() {
        share.take(PAGE);
        share.take(1);
        assertThat(freePages()).isEqualTo(14);

        share.give(1);
        assertThat(freePages()).isEqualTo(15);
        share.give(PAGE);

        assertThat(freePages()).isEqualTo(16);
    }

    @Test
    void takesNothingThatDoesNotFit() {
        pool.memory(new MemoryLimits(10, 10), 0);

        assertThat(share.take(7 * PAGE)).isFalse();
        assertThat(share.take(6 * PAGE)).isTrue();
    }

    @Test
    void doesNotCountTheLittleThatMostRunsNeed() {
        pool.memory(new MemoryLimits(16, 16), 0);
        var ofRun = HostShare.ofRun(pool);

        assertThat(ofRun.take(PAGE)).isTrue();
        assertThat(ofRun.take(1)).isFalse();
    }

    @Test
    void hasWhatLiesIdleDropped() {
        pool.memory(new MemoryLimits(4, 4), 0).close();

        assertThat(share.take(16 * PAGE)).isTrue();
    }

    @Test
    void leavesAPartToOthersWhereItCanBeDoneWithout() {
        assertThat(share.takeSpare(13 * PAGE)).isFalse();
        assertThat(share.takeSpare(12 * PAGE)).isTrue();
    }

    @Test
    void givesAllBackOnceAndTakesNothingThen() {
        share.take(3 * PAGE);

        share.close();
        share.close();

        assertThat(share.take(1)).isFalse();
        assertThat(freePages()).isEqualTo(16);
    }

    @Test
    void isGivenBackByTheLastWhoLeaves() {
        share.take(PAGE);
        var lease = new Lease(share);
        assertThat(lease.enter()).isTrue();

        lease.leave();
        assertThat(freePages()).isEqualTo(15);
        lease.leave();

        assertThat(freePages()).isEqualTo(16);
        assertThat(lease.enter()).isFalse();
    }
}
