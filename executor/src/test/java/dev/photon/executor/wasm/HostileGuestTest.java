package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.TestingGuests.LIMITS;
import static dev.photon.executor.wasm.TestingGuests.limits;
import static dev.photon.executor.wasm.TestingGuests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import dev.photon.registry.InvalidModule;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that want more than they may have, each beside a light one that must not notice. */
class HostileGuestTest {
    private static final long MEMORY = 64 << 20;

    /** What lies idle is dropped for the next, but the neighbour may hold one of its own. */
    private static final int ALL_PAGES = (int) (MEMORY >> 16) - 64;

    private final TestingGuests guests = new TestingGuests(MEMORY);
    private TestingNeighbour neighbour;

    @BeforeEach
    void startNeighbour() throws Exception {
        neighbour = new TestingNeighbour(guests);
    }

    @AfterEach
    void neighbourWasAlwaysRight() {
        try (guests) {
            neighbour.close();
        }
    }

    private Reply.Outcome run(byte[] wasm, boolean compiled, RunLimits limits, GuestLog log) throws InvalidModule {
        return run(compiled ? guests.compile(wasm) : guests.interpret(wasm), limits, log);
    }

    private Reply.Outcome run(LoadedFunction function, RunLimits limits, GuestLog log) {
        return guests.run(function, request("search"), limits, log).join();
    }

    private Reply.Outcome run(String guest, boolean compiled, RunLimits limits) throws InvalidModule {
        return run(TestingGuests.bytes(guest), compiled, limits, GuestLog.NONE);
    }

    // Time

    @ParameterizedTest
    @CsvSource({
        "loop, true",
        "loop, false",
        "start-loop, true",
        "start-loop, false",
        "initialize-loop, true",
        "initialize-loop, false",
        "handler-loop, true",
        "handler-loop, false",
        "handler-initialize-loop, true",
        "handler-initialize-loop, false",
        "sleep, true",
        "sleep, false",
        "endless-log, true",
        "endless-log, false"
    })
    void endsAtTheDeadline(String guest, boolean compiled) throws Exception {
        var outcome = run(guest, compiled, limits(60, 64, 1_000));

        assertThat(outcome)
                .isEqualTo(new Reply.Failure(ErrorKind.TIMEOUT, "the function ran longer than its limit of 60 ms"));
    }

    @Test
    void endsAtTheDeadlineInAFunctionThatIsTooLargeToCompile() throws Exception {
        var outcome = run(TestingModule.withALargeLoop(), true, limits(60, 64, 1_000), GuestLog.NONE);

        assertThat(kind(outcome)).isEqualTo(ErrorKind.TIMEOUT);
    }

    // Depth

    @ParameterizedTest
    @CsvSource({
        "recurse, true",
        "recurse, false",
        "recurse-mutual, true",
        "recurse-mutual, false",
        "recurse-indirect, true",
        "recurse-indirect, false",
        "recurse-grow, true",
        "recurse-grow, false"
    })
    void endsAtTheDepthThatThereIs(String guest, boolean compiled) throws Exception {
        var outcome = run(guest, compiled, LIMITS);

        assertThat(outcome)
                .isEqualTo(new Reply.Failure(ErrorKind.FUNCTION_FAILED, "the function trapped: nested calls too deep"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allowsTwoThousandNestedCalls(boolean compiled) throws Exception {
        assertThat(TestingGuests.body(run("depth", compiled, LIMITS))).isEqualTo("2000");
    }

    /** What the interpreter has for each call is on the heap: variables, blocks, operands. */
    @ParameterizedTest
    @CsvSource({"50000, 0, 0, true", "50000, 0, 0, false", "1, 5000, 0, false", "1, 0, 5000, false"})
    void endsLargeFramesBeforeTheyFillTheHeap(int variables, int blocks, int operands, boolean compiled)
            throws Exception {
        var module = TestingModule.withFrames(variables, blocks, operands);
        var function = compiled ? guests.compile(module) : guests.interpret(module);

        var outcome = run(function, LIMITS, GuestLog.NONE);

        assertThat(message(outcome)).isEqualTo("the function trapped: nested calls too deep");
    }

    /** What the guest's last call had begun with the memory must not be lost when the stack ends in the middle. */
    @Test
    void losesNoMemoryWhereTheStackEnds() throws Exception {
        var function = guests.compile("recurse-grow");
        var whole = guests.compile("touch-all");

        for (int i = 0; i < 100; i++) {
            guests.run(function, request(""), limits(5_000, 100 + i, 1_000), GuestLog.NONE)
                    .join();
        }

        var outcome = guests.run(whole, request(""), limits(5_000, ALL_PAGES / 2, 1_000), GuestLog.NONE)
                .join();
        assertThat(message(outcome)).contains("is not a CGI response");
    }

    // Memory

    @Test
    void givesMemoryUpToItsLimitOnly() throws Exception {
        assertThat(TestingGuests.body(run("memory-bomb", true, limits(5_000, 7, 1_000))))
                .isEqualTo("7");
    }

    /** They trap when what they get was not zero, and answer nothing when all was well. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void survivesManyThatTakeAllMemoryAtOnce(boolean compiled) throws Exception {
        var wasm = TestingGuests.bytes("touch-all");
        LoadedFunction function = compiled ? guests.compile(wasm) : guests.interpret(wasm);

        var runs = IntStream.range(0, 12)
                .mapToObj(i -> guests.run(function, request(""), limits(5_000, ALL_PAGES, 1_000), GuestLog.NONE))
                .toList();

        assertThat(runs.stream().map(run -> message(run.join())))
                .allSatisfy(
                        message -> assertThat(message).containsAnyOf("is not a CGI response", "memory does not fit"));
    }

    @ParameterizedTest
    @CsvSource({"table-grow, true", "table-grow, false", "drop-segments, true", "drop-segments, false"})
    void boundsTablesAndKeepsSegmentsForTheNext(String guest, boolean compiled) throws Exception {
        var wasm = TestingGuests.bytes(guest);
        LoadedFunction function = compiled ? guests.compile(wasm) : guests.interpret(wasm);

        for (int i = 0; i < 3; i++) {
            var outcome =
                    guests.run(function, request(""), LIMITS, GuestLog.NONE).join();
            assertThat(message(outcome)).contains("is not a CGI response: it is empty");
        }
    }

    // Output

    @ParameterizedTest
    @CsvSource({"big-answer, true", "gigabyte-answer, true", "gigabyte-answer, false"})
    void endsAnAnswerAtItsLimit(String guest, boolean compiled) throws Exception {
        assertThat(kind(run(guest, compiled, limits(5_000, 64, 900_000)))).isEqualTo(ErrorKind.ANSWER_TOO_LARGE);
    }

    @Test
    void keepsTheBeginningOfAnEndlessLog() throws Exception {
        var log = new TestingLog();

        run(TestingGuests.bytes("endless-log"), true, limits(60, 64, 1_000), log);

        assertThat(log.written().length()).isLessThanOrEqualTo(LIMITS.logBytes());
    }

    // Odd modules

    @ParameterizedTest
    @ValueSource(ints = {1_000, 50_000, 100_000, 2_000_000, Integer.MAX_VALUE})
    void runsOrRefusesManyLocals(int count) {
        containsModule(TestingModule.withLocals(count));
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 100_000, 500_000})
    void runsOrRefusesManyBranches(int count) {
        containsModule(TestingModule.withBranches(count));
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 10_000, 100_000})
    void runsOrRefusesDeepBlocks(int depth) {
        containsModule(TestingModule.withBlocks(depth));
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 100_001})
    void runsOrRefusesManySegments(int count) {
        containsModule(TestingModule.withSegments(count));
    }

    @Test
    void runsOrRefusesALargeSegment() {
        containsModule(TestingModule.withASegmentOfPages(64));
    }

    /** Either way of running it ends with a value, and so does refusing it. */
    private void containsModule(byte[] wasm) {
        for (var compiled : new boolean[] {true, false}) {
            try {
                var function = compiled ? Optional.of(guests.compile(wasm)) : guests.interpretWhatFits(wasm);
                function.ifPresent(loaded -> assertThat(kind(run(loaded, limits(2_000, 64, 1_000), GuestLog.NONE)))
                        .isIn(ErrorKind.FUNCTION_FAILED, ErrorKind.TIMEOUT));
            } catch (InvalidModule e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    private static ErrorKind kind(Reply.Outcome outcome) {
        return outcome instanceof Reply.Failure failure ? failure.kind() : ErrorKind.INTERNAL;
    }

    private static String message(Reply.Outcome outcome) {
        return outcome instanceof Reply.Failure failure ? failure.message() : outcome.toString();
    }
}
