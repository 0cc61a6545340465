package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WasiFunctionTest {
    private static final int RESULT = 1000;

    private final LinearMemory memory = new LinearMemory(new MemoryLimits(1, 1));
    private final Streams streams = new Streams("hello".getBytes(UTF_8), 10, 65_536);

    @Test
    void readsTheBodyInPieces() {
        vectors(100, 2, 200, 2, 300, 0);

        assertThat(streams.read(memory, 0, 0, 3, RESULT)).isEqualTo(Errno.SUCCESS);
        assertThat(memory.readInt(RESULT)).isEqualTo(4);
        assertThat(memory.readString(100, 2) + memory.readString(200, 2)).isEqualTo("hell");

        streams.read(memory, 0, 0, 3, RESULT);
        assertThat(memory.readInt(RESULT)).isEqualTo(1);

        streams.read(memory, 0, 0, 3, RESULT);
        assertThat(memory.readInt(RESULT)).isZero();
    }

    @Test
    void endsAtTheByteThatPassesTheLimit() {
        vectors(100, 10);
        streams.write(memory, 1, 0, 1, RESULT);
        vectors(100, 1);

        assertThatThrownBy(() -> streams.write(memory, 1, 0, 1, RESULT)).isInstanceOf(AnswerTooLarge.class);
        assertThat(streams.answer().size()).isEqualTo(10);
    }

    @Test
    void keepsTheBeginningOfALongLog() {
        vectors(0, 60_000);
        streams.write(memory, 2, 0, 1, RESULT);
        streams.write(memory, 2, 0, 1, RESULT);

        assertThat(streams.log().size()).isEqualTo(65_536);
        assertThat(streams.log().dropped()).isEqualTo(120_000 - 65_536);
    }

    @Test
    void refusesDescriptorsThatAreNotThere() {
        assertThat(streams.read(memory, 1, 0, 1, RESULT)).isEqualTo(Errno.BADF);
        assertThat(streams.write(memory, 0, 0, 1, RESULT)).isEqualTo(Errno.BADF);
        assertThat(streams.describe(memory, 3, RESULT)).isEqualTo(Errno.BADF);
        assertThat(streams.close(-1)).isEqualTo(Errno.BADF);
        assertThat(streams.close(0)).isEqualTo(Errno.SUCCESS);
        assertThat(streams.close(0)).isEqualTo(Errno.BADF);
        assertThat(streams.refuse(1, Errno.SPIPE)).isEqualTo(Errno.SPIPE);
        assertThat(streams.write(memory, 1, 0, 1025, RESULT)).isEqualTo(Errno.INVAL);
    }

    @Test
    void sleepsUntilAClockIsDue() {
        memory.writeLong(0, 42);
        memory.writeI32(16, 1);
        memory.writeLong(24, TimeUnit.MILLISECONDS.toNanos(15));
        var before = System.nanoTime();

        assertThat(Poll.oneOff(memory, streams, 0, 500, 1, RESULT)).isEqualTo(Errno.SUCCESS);

        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(15));
        assertThat(memory.readInt(RESULT)).isEqualTo(1);
        assertThat(memory.readLong(500)).isEqualTo(42);
    }

    @Test
    void doesNotSleepWhenAStreamIsReady() {
        memory.writeLong(24, Long.MAX_VALUE);
        memory.writeByte(48 + 8, (byte) 1);

        Poll.oneOff(memory, streams, 0, 500, 2, RESULT);

        assertThat(memory.readInt(RESULT)).isEqualTo(1);
        assertThat(memory.read(510)).isEqualTo((byte) 1);
        assertThat(memory.readLong(516)).isEqualTo(5);
    }

    @Test
    void stopsSleepingWhenItIsInterrupted() {
        memory.writeLong(24, Long.MAX_VALUE);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Poll.oneOff(memory, streams, 0, 500, 1, RESULT))
                .isInstanceOf(ChicoryInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void stopsMakingRandomBytesWhenItIsInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Entropy.fill(memory, 0, 100)).isInstanceOf(ChicoryInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void fillsWithRandomBytes() {
        Entropy.fill(memory, 0, 10_000);

        assertThat(memory.readBytes(9_900, 100)).isNotEqualTo(new byte[100]);
        assertThat(memory.readLong(10_000)).isZero();
    }

    @Test
    void offersTheTimeOnly() {
        assertThat(Clocks.time(memory, 0, RESULT)).isEqualTo(Errno.SUCCESS);
        assertThat(memory.readLong(RESULT)).isGreaterThan(1_700_000_000_000_000_000L);
        assertThat(Clocks.time(memory, 1, RESULT)).isEqualTo(Errno.SUCCESS);
        assertThat(memory.readLong(RESULT)).isPositive();
        assertThat(Clocks.time(memory, 2, RESULT)).isEqualTo(Errno.NOTSUP);
        assertThat(Clocks.resolution(memory, 9, RESULT)).isEqualTo(Errno.INVAL);
    }

    /** Writes pairs of address and length, from address 0 on. */
    private void vectors(int... pairs) {
        for (int i = 0; i < pairs.length; i++) {
            memory.writeI32(4 * i, pairs[i]);
        }
    }
}
