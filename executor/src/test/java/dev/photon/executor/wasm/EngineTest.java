package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.photon.registry.InvalidModule;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    void refusesATruncatedModule() {
        var wasm = TestingGuests.bytes("echo");

        refuses(Arrays.copyOf(wasm, wasm.length / 2), "not a valid WebAssembly module");
    }

    @Test
    void refusesWhatTheRegistryRefuses() {
        refuses(TestingGuests.bytes("unknown-import"), "the module imports env.mystery");
    }

    @Test
    void interpretsFunctionsThatAMethodCannotHold() throws InvalidModule {
        var fits = 30_000;
        var tooLarge = 60_000;
        var surelyTooLarge = 100_000;
        var wasm = ByteBuffer.wrap(TestingModule.withFunctionsOf(tooLarge, fits, surelyTooLarge));

        var code = engine.translate(wasm);

        assertThat(code.interpreted()).containsExactlyInAnyOrder(0, 2);
        assertThat(run(engine.load(wasm, code))).contains("it is empty");
    }

    @Test
    void interpretsAllThatMayBeTooLargeWhenMuchIs() throws InvalidModule {
        var sizes = IntStream.range(0, 20).map(i -> 60_000).toArray();
        var wasm = ByteBuffer.wrap(TestingModule.withFunctionsOf(sizes));

        assertThat(engine.translate(wasm).interpreted()).hasSize(20);
    }

    @Test
    void runsAllTheSameWhenInterpreted() throws InvalidModule {
        var wasm = ByteBuffer.wrap(TestingGuests.bytes("echo"));

        assertThat(run(engine.interpret(wasm).orElseThrow()))
                .isEqualTo(run(engine.compile(wasm)))
                .contains("body");
    }

    @ParameterizedTest
    @CsvSource({"6, 6, 6", "100000, 6, 6", "6, 6, 100000", "100000, 6, 100000"})
    void compiledFunctionsMakeTailCallsWhateverIsInterpreted(int first, int second, int third) throws InvalidModule {
        var wasm = TestingModule.withATailCall(first, second, third);

        assertThat(run(engine.compile(ByteBuffer.wrap(wasm)))).contains("it is empty");
    }

    @Test
    void leavesModulesWithTailCallsToTheCompiler() throws InvalidModule {
        assertThat(engine.interpret(ByteBuffer.wrap(TestingModule.withATailCall(6, 6, 6))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {60_000, 100_000})
    void refusesTailCallsOfFunctionsThatAMethodCannotHold(int bytes) {
        refuses(
                TestingModule.withATailCall(6, bytes, 6),
                "function 1 of the module is too large to compile and makes a tail call");
    }

    private static String run(LoadedFunction function) {
        return TestingGuests.body(function.run(TestingGuests.request("body"), TestingGuests.LIMITS, GuestLog.NONE));
    }

    private void refuses(byte[] wasm, String reason) {
        assertThatThrownBy(() -> engine.compile(ByteBuffer.wrap(wasm)))
                .isInstanceOf(InvalidModule.class)
                .hasMessageContaining(reason);
    }
}
