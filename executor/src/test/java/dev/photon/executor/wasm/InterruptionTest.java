package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.TestingGuests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that do not end, each in its own way, and run for long enough to be compiled by the JVM in the midst of it. */
class InterruptionTest {
    private static final RunLimits LIMITS = TestingGuests.limits(400, 64, 1000);

    private final Watchdog watchdog = new Watchdog();
    private final Engine engine = new Engine(watchdog);

    @AfterEach
    void close() {
        watchdog.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "nested", "counted", "called", "indirect", "tree", "table", "fill"})
    void stopsCompiledCode(String guest) throws Exception {
        var function = engine.compile(module(guest));

        var first = function.run(request(""), LIMITS, GuestLog.NONE);
        var second = function.run(request(""), LIMITS, GuestLog.NONE);

        assertThat(kind(first)).isEqualTo(ErrorKind.TIMEOUT);
        assertThat(kind(second)).isEqualTo(ErrorKind.TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "nested", "counted", "called", "indirect", "tree", "table", "fill"})
    void stopsInterpretedCode(String guest) throws Exception {
        var function = engine.interpret(module(guest)).orElseThrow();

        var outcome = function.run(request(""), TestingGuests.limits(50, 64, 1000), GuestLog.NONE);

        assertThat(kind(outcome)).isEqualTo(ErrorKind.TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "nested"})
    void stopsARunThatAnotherInterrupts(String guest) throws Exception {
        var function = engine.compile(module(guest));
        var outcome = new AtomicReference<Reply.Outcome>();
        var thread = Thread.ofPlatform()
                .start(() ->
                        outcome.set(function.run(request(""), TestingGuests.limits(60_000, 64, 1000), GuestLog.NONE)));

        thread.interrupt();
        thread.join();

        assertThat(kind(outcome.get())).isEqualTo(ErrorKind.UNAVAILABLE);
    }

    private static ByteBuffer module(String name) throws IOException {
        try (var in = InterruptionTest.class.getResourceAsStream("/loops/" + name + ".wasm")) {
            return ByteBuffer.wrap(in.readAllBytes());
        }
    }

    private static ErrorKind kind(Reply.Outcome outcome) {
        return ((Reply.Failure) outcome).kind();
    }
}
