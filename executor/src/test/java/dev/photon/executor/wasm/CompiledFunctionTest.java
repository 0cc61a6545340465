package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.TestingGuests.LIMITS;
import static dev.photon.executor.wasm.TestingGuests.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.Memory;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompiledFunctionTest {
    private final TestingGuests guests = new TestingGuests();

    @AfterEach
    void close() {
        guests.close();
    }

    @Test
    void answersWithWhatTheGuestWrote() throws Exception {
        var outcome = guests.run("echo", LIMITS);

        assertThat(TestingGuests.body(outcome)).isEqualTo("body");
    }

    @Test
    void takesStatusAndHeadersFromTheGuest() throws Exception {
        var outcome = guests.run("status", LIMITS);

        assertThat(outcome).isInstanceOfSatisfying(Reply.Answer.class, answer -> {
            assertThat(answer.status()).isEqualTo(418);
            assertThat(answer.headers()).contains(new Header("x-tea", "oolong"));
        });
    }

    @Test
    void givesEachRunAFreshInstance() throws Exception {
        var function = guests.compile("echo");
        var runs = IntStream.range(0, 200)
                .mapToObj(i -> guests.run(function, request("body " + i), LIMITS, GuestLog.NONE))
                .toList();

        var bodies = runs.stream().map(run -> TestingGuests.body(run.join())).toList();

        assertThat(bodies)
                .isEqualTo(IntStream.range(0, 200).mapToObj(i -> "body " + i).toList());
    }

    @Test
    void tellsTheGuestOfItsRequest() throws Exception {
        var function = guests.compile("env");

        var outcome = guests.run(function, request("body", new Header("x-photon-test", "hello")), LIMITS, GuestLog.NONE)
                .join();

        assertThat(TestingGuests.body(outcome).lines())
                .contains("PHOTON_VERSION=1.2.3", "PHOTON_INVOCATION_ID=id-1", "HTTP_X_PHOTON_TEST=hello");
    }

    /** They answer with the first surprise, else with "ok". */
    @ParameterizedTest
    @ValueSource(strings = {"libc-files", "std-files"})
    void givesProgramsFilesAsTheyKnowThem(String guest) throws Exception {
        var outcome = guests.run(guest, LIMITS);

        assertThat(TestingGuests.body(outcome).strip()).isEqualTo("ok");
    }

    @Test
    void keepsWhatTheGuestLogs() throws Exception {
        var log = new TestingLog();

        guests.run(guests.compile("stderr"), request(""), LIMITS, log).join();

        assertThat(log.written()).startsWith("a line of log\n");
    }

    @Test
    void leavesTheThreadUninterruptedAfterATimeout() throws Exception {
        var function = guests.compile("loop");

        function.run(request(""), TestingGuests.limits(20, 64, 1000), GuestLog.NONE);

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void callsARunUnavailableThatIsInterruptedByAnother() throws Exception {
        var begun = new CountDownLatch(1);
        var function = guests.compile("loop");
        var outcome = guests.run(function, request(""), TestingGuests.limits(60_000, 64, 1000), GuestLog.NONE);
        guests.run(guests.compile("echo"), request(""), LIMITS, GuestLog.NONE).thenRun(begun::countDown);
        begun.await();

        guests.closeThreads();

        assertThat(kind(outcome.join())).isEqualTo(ErrorKind.UNAVAILABLE);
    }

    @Test
    void keepsTheInterruptOfAnother() throws Exception {
        var function = guests.compile("loop");
        var interrupted = new AtomicBoolean();
        var thread = Thread.ofPlatform().start(() -> {
            Thread.currentThread().interrupt();
            function.run(request(""), LIMITS, GuestLog.NONE);
            interrupted.set(Thread.currentThread().isInterrupted());
        });

        thread.join();

        assertThat(interrupted).isTrue();
    }

    @Test
    void saysWhyAGuestTrapped() throws Exception {
        var outcome = guests.run("trap", LIMITS);

        assertThat(kind(outcome)).isEqualTo(ErrorKind.FUNCTION_FAILED);
        assertThat(message(outcome)).startsWith("the function trapped: ").contains("unreachable");
    }

    @Test
    void refusesAMemoryThatBeginsAboveTheLimit() throws Exception {
        var function = guests.compile(TestingModule.withMemory(65));

        var outcome = function.run(request(""), LIMITS, GuestLog.NONE);

        assertThat(message(outcome)).isEqualTo("the function starts with 65 pages of memory and its limit is 64");
    }

    @Test
    void callsARunUnavailableWhoseMemoryDoesNotFit() throws Exception {
        var engine = new Engine(guests.watchdog(), 2L * Memory.PAGE_SIZE);
        var function = engine.compile(ByteBuffer.wrap(TestingModule.withMemory(3)));

        var outcome = function.run(request(""), LIMITS, GuestLog.NONE);

        assertThat(kind(outcome)).isEqualTo(ErrorKind.UNAVAILABLE);
    }

    @Test
    void tellsAGuestThatThereIsNoMemoryLeftToGrow() throws Exception {
        var engine = new Engine(guests.watchdog(), 64L * Memory.PAGE_SIZE);
        var function = engine.compile(ByteBuffer.wrap(TestingGuests.bytes("memory-bomb")));

        var outcome = function.run(request(""), TestingGuests.limits(5_000, 1_000, 1000), GuestLog.NONE);

        assertThat(Integer.parseInt(TestingGuests.body(outcome))).isBetween(16, 64);
    }

    @Test
    void failsWithTheExitCode() throws Exception {
        var outcome = guests.run("exit-3", LIMITS);

        assertThat(outcome).isEqualTo(new Reply.Failure(ErrorKind.FUNCTION_FAILED, "the function exited with code 3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-answer", "bad-header"})
    void failsWhenTheAnswerIsNotCgi(String guest) throws Exception {
        var outcome = guests.run(guest, LIMITS);

        assertThat(message(outcome)).startsWith("the function's answer is not a CGI response: ");
    }

    private static ErrorKind kind(Reply.Outcome outcome) {
        return ((Reply.Failure) outcome).kind();
    }

    private static String message(Reply.Outcome outcome) {
        return ((Reply.Failure) outcome).message();
    }
}
