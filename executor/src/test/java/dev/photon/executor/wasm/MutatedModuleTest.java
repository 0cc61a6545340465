package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.TestingGuests.limits;
import static dev.photon.executor.wasm.TestingGuests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import dev.photon.registry.InvalidModule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Real guests with a few bytes changed, parsed, checked, compiled and run. Most are refused; whatever the others do ends
 * with a value. How long at least and from which seed: {@code photon.torment.seconds} and {@code photon.torment.seed}.
 */
class MutatedModuleTest {
    private static final Logger LOG = LoggerFactory.getLogger(MutatedModuleTest.class);
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("photon.torment.seconds", 5));
    private static final long SEED = Long.getLong("photon.torment.seed", 1);
    private static final int FEWEST = 2_000;
    private static final List<String> GUESTS = List.of(
            "echo",
            "status",
            "env",
            "vault",
            "libc-files",
            "table-grow",
            "depth",
            "drop-segments",
            "memory-bomb",
            "handler-calls",
            "handler-counter",
            "handler-sum");

    private final TestingGuests guests = new TestingGuests(64 << 20);

    @AfterEach
    void close() {
        guests.close();
    }

    @Test
    void endsWithAValueWhateverTheBytesAre() throws Exception {
        var until = System.nanoTime() + TIME.toNanos();
        var seed = SEED;
        var ran = 0;
        try (var neighbour = new TestingNeighbour(guests)) {
            assertThat(neighbour).isNotNull();
            for (; System.nanoTime() < until || seed - SEED < FEWEST; seed++) {
                try {
                    ran += contains(seed) ? 1 : 0;
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("the module of seed " + seed + " was not contained", e);
                }
            }
        }
        LOG.atInfo()
                .addKeyValue("first", SEED)
                .addKeyValue("modules", seed - SEED)
                .addKeyValue("valid", ran)
                .log("mutated modules were contained");
        assertThat(ran).isPositive();
    }

    /** Whether the module was a valid one. */
    private boolean contains(long seed) {
        var random = new Random(seed);
        var wasm = mutated(random);
        LoadedFunction function;
        try {
            var interpreted = random.nextBoolean() ? Optional.<LoadedFunction>empty() : guests.interpretWhatFits(wasm);
            function = interpreted.isPresent() ? interpreted.get() : guests.compile(wasm);
        } catch (InvalidModule e) {
            assertThat(e.getMessage()).isNotEmpty();
            return false;
        }
        var outcome = guests.run(function, request("search"), limits(20, 40, 1_000), GuestLog.NONE)
                .join();
        function.rest();
        if (outcome instanceof Reply.Failure failure) {
            assertThat(failure.kind()).isIn(ErrorKind.FUNCTION_FAILED, ErrorKind.TIMEOUT, ErrorKind.ANSWER_TOO_LARGE);
        }
        return true;
    }

    private static byte[] mutated(Random random) {
        var wasm = TestingGuests.bytes(GUESTS.get(random.nextInt(GUESTS.size())));
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            var at = 8 + random.nextInt(wasm.length - 8);
            wasm[at] = (byte) (random.nextBoolean() ? random.nextInt() : wasm[at] ^ 1 << random.nextInt(8));
        }
        return wasm;
    }
}
