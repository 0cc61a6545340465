package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.WasiFunction.ARGS_GET;
import static dev.photon.executor.wasm.WasiFunction.ARGS_SIZES_GET;
import static dev.photon.executor.wasm.WasiFunction.CLOCK_RES_GET;
import static dev.photon.executor.wasm.WasiFunction.CLOCK_TIME_GET;
import static dev.photon.executor.wasm.WasiFunction.FD_ADVISE;
import static dev.photon.executor.wasm.WasiFunction.FD_CLOSE;
import static dev.photon.executor.wasm.WasiFunction.FD_DATASYNC;
import static dev.photon.executor.wasm.WasiFunction.FD_FDSTAT_GET;
import static dev.photon.executor.wasm.WasiFunction.FD_FDSTAT_SET_RIGHTS;
import static dev.photon.executor.wasm.WasiFunction.FD_READ;
import static dev.photon.executor.wasm.WasiFunction.FD_SYNC;
import static dev.photon.executor.wasm.WasiFunction.FD_TELL;
import static dev.photon.executor.wasm.WasiFunction.FD_WRITE;
import static dev.photon.executor.wasm.WasiFunction.POLL_ONEOFF;
import static dev.photon.executor.wasm.WasiFunction.PROC_RAISE;
import static dev.photon.executor.wasm.WasiFunction.RANDOM_GET;
import static dev.photon.executor.wasm.WasiFunction.SCHED_YIELD;
import static dev.photon.executor.wasm.WasiFunction.SOCK_ACCEPT;
import static dev.photon.executor.wasm.WasiFunction.SOCK_RECV;
import static dev.photon.executor.wasm.WasiFunction.SOCK_SEND;
import static dev.photon.executor.wasm.WasiFunction.SOCK_SHUTDOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WasiFunctionTest {
    private static final int RESULT = 1000;

    private final TestingWasi wasi = new TestingWasi("hello", new RunLimits(1_000, 1, 10, 65_536, 0, 0));
    private final LinearMemory memory = wasi.memory();

    @Test
    void readsTheBodyInPieces() {
        vectors(100, 2, 200, 2, 300, 0);

        assertThat(wasi.call(FD_READ, 0, 0, 3, RESULT)).isEqualTo(Errno.SUCCESS);
        assertThat(memory.readInt(RESULT)).isEqualTo(4);
        assertThat(memory.readString(100, 2) + memory.readString(200, 2)).isEqualTo("hell");

        wasi.call(FD_READ, 0, 0, 3, RESULT);
        assertThat(memory.readInt(RESULT)).isEqualTo(1);

        wasi.call(FD_READ, 0, 0, 3, RESULT);
        assertThat(memory.readInt(RESULT)).isZero();
    }

    @Test
    void endsAtTheByteThatPassesTheLimit() {
        vectors(100, 10);
        wasi.call(FD_WRITE, 1, 0, 1, RESULT);
        vectors(100, 1);

        assertThatThrownBy(() -> wasi.call(FD_WRITE, 1, 0, 1, RESULT)).isInstanceOf(AnswerTooLarge.class);
        assertThat(wasi.run().answer().take()).hasSize(10);
    }

    @Test
    void refusesDescriptorsThatAreNotThere() {
        assertThat(wasi.call(FD_READ, 1, 0, 1, RESULT)).isEqualTo(Errno.BADF);
        assertThat(wasi.call(FD_WRITE, 0, 0, 1, RESULT)).isEqualTo(Errno.BADF);
        assertThat(wasi.call(FD_FDSTAT_GET, 3, RESULT)).isEqualTo(Errno.BADF);
        assertThat(wasi.call(FD_CLOSE, -1)).isEqualTo(Errno.BADF);
        assertThat(wasi.call(FD_CLOSE, 0)).isEqualTo(Errno.SUCCESS);
        assertThat(wasi.call(FD_CLOSE, 0)).isEqualTo(Errno.BADF);
        assertThat(wasi.call(FD_TELL, 1, RESULT)).isEqualTo(Errno.SPIPE);
        assertThat(wasi.call(SOCK_SHUTDOWN, 1, 0)).isEqualTo(Errno.NOTSOCK);
        assertThat(wasi.call(SOCK_SHUTDOWN, 5, 0)).isEqualTo(Errno.BADF);
        assertThat(wasi.call(FD_WRITE, 1, 0, 1025, RESULT)).isEqualTo(Errno.INVAL);
    }

    @Test
    void sleepsUntilAClockIsDue() {
        memory.writeLong(0, 42);
        memory.writeI32(16, 1);
        memory.writeLong(24, TimeUnit.MILLISECONDS.toNanos(15));
        var before = System.nanoTime();

        assertThat(wasi.call(POLL_ONEOFF, 0, 500, 1, RESULT)).isEqualTo(Errno.SUCCESS);

        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(15));
        assertThat(memory.readInt(RESULT)).isEqualTo(1);
        assertThat(memory.readLong(500)).isEqualTo(42);
    }

    @Test
    void doesNotSleepWhenAStreamIsReady() {
        memory.writeLong(24, Long.MAX_VALUE);
        memory.writeByte(48 + 8, (byte) 1);

        wasi.call(POLL_ONEOFF, 0, 500, 2, RESULT);

        assertThat(memory.readInt(RESULT)).isEqualTo(1);
        assertThat(memory.read(510)).isEqualTo((byte) 1);
        assertThat(memory.readLong(516)).isEqualTo(5);
    }

    @Test
    void stopsSleepingWhenItIsInterrupted() {
        memory.writeLong(24, Long.MAX_VALUE);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> wasi.call(POLL_ONEOFF, 0, 500, 1, RESULT))
                .isInstanceOf(ChicoryInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void stopsMakingRandomBytesWhenItIsInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> wasi.call(RANDOM_GET, 0, 100)).isInstanceOf(ChicoryInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void fillsWithRandomBytes() {
        wasi.call(RANDOM_GET, 0, 10_000);

        assertThat(memory.readBytes(9_900, 100)).isNotEqualTo(new byte[100]);
        assertThat(memory.readLong(10_000)).isZero();
    }

    @Test
    void givesTheFunctionsNameAsItsOnlyArgument() {
        assertThat(wasi.call(ARGS_SIZES_GET, 0, 4)).isEqualTo(Errno.SUCCESS);
        assertThat(memory.readInt(0)).isEqualTo(1);
        assertThat(memory.readInt(4)).isEqualTo(5);

        assertThat(wasi.call(ARGS_GET, 100, RESULT)).isEqualTo(Errno.SUCCESS);
        assertThat(memory.readInt(100)).isEqualTo(RESULT);
        assertThat(memory.readString(RESULT, 5)).isEqualTo("name\0");
    }

    @Test
    void takesAdviceAndRequestsToFlushAboutFilesOnly() {
        var tmp = new TestingTmp(100);
        var file = tmp.open("f", TestingTmp.CREATE);

        for (var function : List.of(FD_ADVISE, FD_DATASYNC, FD_SYNC)) {
            assertThat(tmp.wasi().call(function, file)).isEqualTo(Errno.SUCCESS);
            assertThat(tmp.wasi().call(function, 99)).isEqualTo(Errno.BADF);
        }
    }

    @Test
    void refusesWhatTheInterfaceNoLongerWantsOrAStatelessFunctionCannotUse() {
        assertThat(wasi.call(FD_FDSTAT_SET_RIGHTS, 1, 0, 0)).isEqualTo(Errno.NOTSUP);
        assertThat(wasi.call(FD_FDSTAT_SET_RIGHTS, 9, 0, 0)).isEqualTo(Errno.BADF);
        assertThat(wasi.call(PROC_RAISE, 9)).isEqualTo(Errno.NOSYS);
        for (var function : List.of(SOCK_ACCEPT, SOCK_RECV, SOCK_SEND, SOCK_SHUTDOWN)) {
            assertThat(wasi.call(function, 1)).isEqualTo(Errno.NOTSOCK);
            assertThat(wasi.call(function, 9)).isEqualTo(Errno.BADF);
        }
    }

    @Test
    void yieldsWithoutFurtherAdo() {
        assertThat(wasi.call(SCHED_YIELD)).isEqualTo(Errno.SUCCESS);
    }

    /** An absolute time that is past is due at once. */
    @Test
    void sleepsUntilAnAbsoluteTime() {
        var before = System.nanoTime();
        wasi.call(CLOCK_TIME_GET, 1, 1, RESULT);
        var due = memory.readLong(RESULT) + TimeUnit.MILLISECONDS.toNanos(15);
        memory.writeI32(16, 1);
        memory.writeLong(24, due);
        memory.writeShort(40, (short) 1);

        assertThat(wasi.call(POLL_ONEOFF, 0, 500, 1, RESULT)).isEqualTo(Errno.SUCCESS);
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(15));

        memory.writeLong(24, 1);
        assertThat(wasi.call(POLL_ONEOFF, 0, 500, 1, RESULT)).isEqualTo(Errno.SUCCESS);
        assertThat(memory.readInt(RESULT)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65, -1})
    void refusesToAwaitNothingOrTooMuch(int count) {
        assertThat(wasi.call(POLL_ONEOFF, 0, 500, count, RESULT)).isEqualTo(Errno.INVAL);
    }

    @Test
    void offersTheTimeOnly() {
        assertThat(wasi.call(CLOCK_TIME_GET, 0, 1, RESULT)).isEqualTo(Errno.SUCCESS);
        assertThat(memory.readLong(RESULT)).isGreaterThan(1_700_000_000_000_000_000L);
        assertThat(wasi.call(CLOCK_TIME_GET, 1, 1, RESULT)).isEqualTo(Errno.SUCCESS);
        assertThat(memory.readLong(RESULT)).isPositive();
        assertThat(wasi.call(CLOCK_TIME_GET, 2, 1, RESULT)).isEqualTo(Errno.NOTSUP);
        assertThat(wasi.call(CLOCK_RES_GET, 9, RESULT)).isEqualTo(Errno.INVAL);
    }

    /** Writes pairs of address and length, from address 0 on. */
    private void vectors(int... pairs) {
        for (int i = 0; i < pairs.length; i++) {
            memory.writeI32(4 * i, pairs[i]);
        }
    }
}
