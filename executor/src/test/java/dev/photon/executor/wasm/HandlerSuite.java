package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.HandlerFunction.WRITE_BODY;
import static dev.photon.executor.wasm.TestingCalls.RESULTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A guest that makes those calls of the http-wasm handler ABI that a test lists, and what comes of them. */
abstract class HandlerSuite {
    static final long EOF = 1L << 32;
    static final int BUFFER_REQUEST = 1;
    static final int BUFFER_RESPONSE = 2;
    static final int TRAILERS = 4;
    static final int REQUEST = 0;
    static final int RESPONSE = 1;
    static final int REQUEST_TRAILERS = 2;
    static final int RESPONSE_TRAILERS = 3;
    static final int OUTSIDE = 0x7fff_ff00;

    final TestingGuests guests = new TestingGuests();
    private CompiledFunction handler;

    @BeforeEach
    void compile() throws Exception {
        handler = guests.compile("handler-calls");
    }

    @AfterEach
    void close() {
        guests.close();
    }

    static TestingCalls calls() {
        return new TestingCalls();
    }

    Reply.Outcome run(TestingCalls calls, RunLimits limits, GuestLog log) {
        return guests.run(handler, calls.build(), limits, log).join();
    }

    Reply.Outcome run(TestingCalls calls) {
        return run(calls, TestingGuests.LIMITS, GuestLog.NONE);
    }

    Reply.Answer answer(TestingCalls calls) {
        var outcome = run(calls);
        assertThat(outcome).isInstanceOf(Reply.Answer.class);
        return (Reply.Answer) outcome;
    }

    /** What the guest's memory holds after the calls of handle_request. */
    String memory(TestingCalls calls, int address, int length) {
        return TestingGuests.body(answer(calls.request(WRITE_BODY, RESPONSE, address, length)));
    }

    /** The results of the calls of handle_request. */
    long[] results(TestingCalls calls, int count) {
        return longs(answer(calls.request(WRITE_BODY, RESPONSE, RESULTS, 8 * count)), count);
    }

    static long[] longs(Reply.Answer answer, int count) {
        var longs = new long[count];
        var bytes = ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().get(longs);
        return longs;
    }

    void assertFails(TestingCalls calls, String message) {
        assertThat(run(calls))
                .isEqualTo(new Reply.Failure(ErrorKind.FUNCTION_FAILED, "the function trapped: " + message));
    }

    void assertFails(TestingCalls calls, GuestLog log, String message) {
        assertThat(run(calls, TestingGuests.LIMITS, log))
                .isEqualTo(new Reply.Failure(ErrorKind.FUNCTION_FAILED, "the function trapped: " + message));
    }

    /** The same in the midst of a response that has begun to go to its client. */
    void assertFailsOnItsWay(TestingCalls calls, String message) {
        assertThat(guests.run(handler, calls.build(), TestingGuests.LIMITS, new TestingLargeAnswer())
                        .join())
                .isEqualTo(new Reply.Failure(ErrorKind.FUNCTION_FAILED, "the function trapped: " + message));
    }
}
