package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineTest {
    private final Watchdog watchdog = new Watchdog();
    private final Engine engine = new Engine(watchdog);

    @AfterEach
    void close() {
        watchdog.close();
    }

    @Test
    void refusesWhatIsNotAModule() {
        refuses("hello, world".getBytes(StandardCharsets.UTF_8), "not a valid WebAssembly module");
        refuses(new byte[0], "not a valid WebAssembly module");
    }

    @Test
    void refusesADamagedModuleWithoutAnyOtherException() {
        var random = new Random(1);
        for (int i = 0; i < 500; i++) {
            var wasm = TestingGuests.bytes("status");
            for (int k = 0; k < 3; k++) {
                wasm[8 + random.nextInt(wasm.length - 8)] = (byte) random.nextInt();
            }
            try {
                assertThat(engine.compile(wasm)).isNotNull();
            } catch (InvalidModule e) {
                assertThat(e).message().isNotEmpty();
            }
        }
    }

    @Test
    void refusesATruncatedModule() {
        var wasm = TestingGuests.bytes("echo");

        refuses(Arrays.copyOf(wasm, wasm.length / 2), "not a valid WebAssembly module");
    }

    @Test
    void refusesAnImportThatIsNotOffered() {
        refuses(TestingGuests.bytes("unknown-import"), "the module imports env.mystery, which is not offered");
    }

    @Test
    void refusesAnImportOfAnotherType() {
        refuses(TestingModule.withWrongImport(), "wasi_snapshot_preview1.sched_yield with other parameters");
    }

    @Test
    void refusesAModuleWithoutAnEntry() {
        refuses(TestingModule.withoutStart(), "exports no function _start");
    }

    @Test
    void refusesAModuleWithoutAMemoryOfItsOwn() {
        refuses(TestingModule.withoutMemory(), "exactly one memory");
        refuses(TestingModule.withSharedMemory(), "shared memory");
    }

    @Test
    void refusesTablesThatWouldPassTheMemoryLimit() {
        refuses(TestingModule.withLargeTable(), "tables have 2097152 elements of at most 131072");
    }

    private void refuses(byte[] wasm, String reason) {
        assertThatThrownBy(() -> engine.compile(wasm))
                .isInstanceOf(InvalidModule.class)
                .hasMessageContaining(reason);
    }
}
