package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.HandlerFunction.ADD_HEADER_VALUE;
import static dev.photon.executor.wasm.HandlerFunction.ENABLE_FEATURES;
import static dev.photon.executor.wasm.HandlerFunction.GET_CONFIG;
import static dev.photon.executor.wasm.HandlerFunction.GET_HEADER_NAMES;
import static dev.photon.executor.wasm.HandlerFunction.GET_HEADER_VALUES;
import static dev.photon.executor.wasm.HandlerFunction.GET_METHOD;
import static dev.photon.executor.wasm.HandlerFunction.GET_PROTOCOL_VERSION;
import static dev.photon.executor.wasm.HandlerFunction.GET_SOURCE_ADDR;
import static dev.photon.executor.wasm.HandlerFunction.GET_STATUS_CODE;
import static dev.photon.executor.wasm.HandlerFunction.GET_URI;
import static dev.photon.executor.wasm.HandlerFunction.LOG;
import static dev.photon.executor.wasm.HandlerFunction.LOG_ENABLED;
import static dev.photon.executor.wasm.HandlerFunction.READ_BODY;
import static dev.photon.executor.wasm.HandlerFunction.REMOVE_HEADER;
import static dev.photon.executor.wasm.HandlerFunction.SET_HEADER_VALUE;
import static dev.photon.executor.wasm.HandlerFunction.SET_METHOD;
import static dev.photon.executor.wasm.HandlerFunction.SET_STATUS_CODE;
import static dev.photon.executor.wasm.HandlerFunction.SET_URI;
import static dev.photon.executor.wasm.HandlerFunction.WRITE_BODY;
import static dev.photon.executor.wasm.TestingCalls.BUFFER;
import static dev.photon.executor.wasm.TestingCalls.RESULTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The http-wasm handler ABI, call by call, through a guest that makes the calls that a test lists. */
class HandlerFunctionTest {
    private static final long EOF = 1L << 32;
    private static final int BUFFER_REQUEST = 1;
    private static final int BUFFER_RESPONSE = 2;
    private static final int TRAILERS = 4;
    private static final int REQUEST = 0;
    private static final int RESPONSE = 1;
    private static final int REQUEST_TRAILERS = 2;
    private static final int RESPONSE_TRAILERS = 3;
    private static final int OUTSIDE = 0x7fff_ff00;

    private final TestingGuests guests = new TestingGuests();
    private CompiledFunction handler;

    @BeforeEach
    void compile() throws Exception {
        handler = guests.compile("handler-calls");
    }

    @AfterEach
    void close() {
        guests.close();
    }

    private static TestingCalls calls() {
        return new TestingCalls();
    }

    private Reply.Outcome run(TestingCalls calls, RunLimits limits, GuestLog log) {
        return guests.run(handler, calls.build(), limits, log).join();
    }

    private Reply.Outcome run(TestingCalls calls) {
        return run(calls, TestingGuests.LIMITS, GuestLog.NONE);
    }

    private Reply.Answer answer(TestingCalls calls) {
        var outcome = run(calls);
        assertThat(outcome).isInstanceOf(Reply.Answer.class);
        return (Reply.Answer) outcome;
    }

    /** What the guest's memory holds after the calls of handle_request. */
    private String memory(TestingCalls calls, int address, int length) {
        return TestingGuests.body(answer(calls.request(WRITE_BODY, RESPONSE, address, length)));
    }

    /** The results of the calls of handle_request. */
    private long[] results(TestingCalls calls, int count) {
        return longs(answer(calls.request(WRITE_BODY, RESPONSE, RESULTS, 8 * count)), count);
    }

    private static long[] longs(Reply.Answer answer, int count) {
        var longs = new long[count];
        var bytes = ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().get(longs);
        return longs;
    }

    private void assertFails(TestingCalls calls, String message) {
        assertThat(run(calls))
                .isEqualTo(new Reply.Failure(ErrorKind.FUNCTION_FAILED, "the function trapped: " + message));
    }

    @Test
    void answersAnEmpty200WhenTheGuestDoesNothing() {
        var answer = answer(calls());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).isEmpty();
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void enablesTheFeaturesThereAreForOneRequest() {
        var first =
                results(calls().reuse().request(ENABLE_FEATURES, 0x101).request(ENABLE_FEATURES, BUFFER_RESPONSE), 2);
        var second = results(calls().reuse().request(ENABLE_FEATURES, 0), 1);

        assertThat(first).containsExactly(BUFFER_REQUEST, BUFFER_REQUEST | BUFFER_RESPONSE);
        assertThat(second).containsExactly(0);
    }

    @Test
    void keepsFeaturesThatWereEnabledAtInitialisation() throws Exception {
        var outcome = guests.run("handler-initialize", TestingGuests.LIMITS);

        assertThat(((Reply.Answer) outcome).status()).isEqualTo(200 + BUFFER_RESPONSE);
    }

    @Test
    void givesTheFunctionsVariablesAsConfiguration() {
        var config = "{\"A\":\"é\",\"GREETING\":\"Hi \\\"you\\\"\"}";

        assertThat(memory(calls().request(GET_CONFIG, BUFFER, 100), BUFFER, 34)).isEqualTo(config);
        assertThat(results(calls().request(GET_CONFIG, BUFFER, 100), 1)).containsExactly(34);
    }

    @Test
    void logsWithTheGuestsLevel() {
        var log = new TestingLog();

        run(
                calls().request(LOG, -1, "a")
                        .request(LOG, 0, "b")
                        .request(LOG, 1, "c")
                        .request(LOG, 2, "d"),
                TestingGuests.LIMITS,
                log);

        assertThat(log.lines()).containsExactly("DEBUG a", "INFO b", "WARN c", "ERROR d");
    }

    @Test
    void logsNothingAtTheLevelNone() {
        var log = new TestingLog();

        run(calls().request(LOG, 3, "a"), TestingGuests.LIMITS, log);

        assertThat(log.lines()).isEmpty();
    }

    @Test
    void saysWhichLevelsAreEnabled() {
        var log = new TestingLog();
        var calls = calls().request(LOG_ENABLED, -1)
                .request(LOG_ENABLED, 2)
                .request(LOG_ENABLED, 3)
                .request(WRITE_BODY, RESPONSE, RESULTS, 24);

        var answer = (Reply.Answer) run(calls, TestingGuests.LIMITS, log);

        assertThat(longs(answer, 3)).containsExactly(1, 1, 0);
    }

    @Test
    void givesMethodAndUriAndProtocol() {
        assertThat(memory(calls().request(GET_METHOD, BUFFER, 4), BUFFER, 4)).isEqualTo("POST");
        assertThat(memory(calls().request(GET_URI, BUFFER, 100), BUFFER, 10)).isEqualTo("/a%20b?q=1");
        assertThat(memory(calls().request(GET_PROTOCOL_VERSION, BUFFER, 8), BUFFER, 8))
                .isEqualTo("HTTP/1.1");
        assertThat(results(calls().request(GET_SOURCE_ADDR, BUFFER, 100), 1)).containsExactly(0);
    }

    @ParameterizedTest
    @CsvSource({"GET_METHOD, 4", "GET_URI, 10", "GET_PROTOCOL_VERSION, 8", "GET_CONFIG, 34"})
    void writesNothingWhereThereIsTooLittleRoom(HandlerFunction function, int length) {
        assertThat(results(calls().request(function, BUFFER, length - 1), 1)).containsExactly(length);
        assertThat(memory(calls().request(function, BUFFER + 100, length - 1), BUFFER + 100, 4))
                .isEqualTo("\0\0\0\0");
    }

    @Test
    void changesMethodAndUri() {
        var method = calls().request(SET_METHOD, "PATCH").request(GET_METHOD, BUFFER, 100);
        var uri = calls().request(SET_URI, "/b?c=%20").request(GET_URI, BUFFER, 100);
        var noUri = calls().request(SET_URI, "").request(GET_URI, BUFFER, 100);

        assertThat(memory(method, BUFFER, 5)).isEqualTo("PATCH");
        assertThat(memory(uri, BUFFER, 8)).isEqualTo("/b?c=%20");
        assertThat(memory(noUri, BUFFER, 2)).isEqualTo("/\0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /", "G\r\nT"})
    void refusesWhatIsNoMethod(String method) {
        assertFails(calls().request(SET_METHOD, method), "set_method: that is no method");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "/a b", "/a\r\n", "/é", "http://a/"})
    void refusesWhatIsNoUri(String uri) {
        assertFails(calls().request(SET_URI, uri), "set_uri: that is no encoded path, with or without a query");
    }

    @Test
    void givesTheNamesOfHeaderFieldsOnceAndInLowerCase() {
        var calls = calls().headers(new Header("accept", "a"), new Header("x-b", "1"), new Header("x-b", "2"))
                .request(SET_HEADER_VALUE, RESPONSE, "X-Answer", "1");

        assertThat(memory(calls.request(GET_HEADER_NAMES, REQUEST, BUFFER, 11), BUFFER, 11))
                .isEqualTo("accept\0x-b\0");
        assertThat(results(calls().request(GET_HEADER_NAMES, REQUEST, BUFFER, 11), 1))
                .containsExactly(0);
        assertThat(memory(
                        calls().request(SET_HEADER_VALUE, RESPONSE, "X-Answer", "1")
                                .request(GET_HEADER_NAMES, RESPONSE, BUFFER, 100),
                        BUFFER,
                        9))
                .isEqualTo("x-answer\0");
    }

    @Test
    void givesAllValuesOfAHeaderFieldInAnyCase() {
        var fields = new Header[] {new Header("x-b", "1"), new Header("accept", "a"), new Header("x-b", "22")};

        assertThat(memory(calls().headers(fields).request(GET_HEADER_VALUES, REQUEST, "X-B", BUFFER, 5), BUFFER, 5))
                .isEqualTo("1\00022\0");
        assertThat(results(calls().headers(fields).request(GET_HEADER_VALUES, REQUEST, "x-B", BUFFER, 5), 1))
                .containsExactly(2L << 32 | 5);
        assertThat(results(calls().headers(fields).request(GET_HEADER_VALUES, REQUEST, "x-b", BUFFER, 4), 1))
                .containsExactly(2L << 32 | 5);
        assertThat(memory(calls().headers(fields).request(GET_HEADER_VALUES, REQUEST, "x-b", BUFFER, 4), BUFFER, 1))
                .isEqualTo("\0");
        assertThat(results(calls().headers(fields).request(GET_HEADER_VALUES, REQUEST, "x-c", BUFFER, 5), 1))
                .containsExactly(0);
    }

    @Test
    void changesTheRequestsHeader() {
        var calls = calls().headers(new Header("x-a", "1"), new Header("x-b", "2"), new Header("x-b", "3"))
                .request(SET_HEADER_VALUE, REQUEST, "X-B", "4")
                .request(ADD_HEADER_VALUE, REQUEST, "x-b", "5")
                .request(REMOVE_HEADER, REQUEST, "X-A")
                .request(GET_HEADER_NAMES, REQUEST, BUFFER, 100)
                .request(GET_HEADER_VALUES, REQUEST, "x-b", BUFFER + 4, 100);

        assertThat(memory(calls, BUFFER, 8)).isEqualTo("x-b\0004\0005\0");
    }

    @Test
    void answersWithTheHeaderThatTheGuestMade() {
        var answer = answer(calls().request(ADD_HEADER_VALUE, RESPONSE, "Set-Cookie", "a=1")
                .request(ADD_HEADER_VALUE, RESPONSE, "set-cookie", "b=2")
                .request(SET_HEADER_VALUE, RESPONSE, "x-gone", "1")
                .request(REMOVE_HEADER, RESPONSE, "X-Gone")
                .request(SET_HEADER_VALUE, RESPONSE, "x-empty", ""));

        assertThat(answer.headers())
                .containsExactly(
                        new Header("set-cookie", "a=1"), new Header("set-cookie", "b=2"), new Header("x-empty", ""));
    }

    @Test
    void dropsFieldsOfTheConnectionFromTheAnswer() {
        var answer = answer(calls().request(SET_HEADER_VALUE, RESPONSE, "Connection", "close")
                .request(SET_HEADER_VALUE, RESPONSE, "content-length", "7")
                .request(SET_HEADER_VALUE, RESPONSE, "proxy-authenticate", "x"));

        assertThat(answer.headers()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"SET_HEADER_VALUE", "ADD_HEADER_VALUE"})
    void refusesWhatIsNoHeaderField(HandlerFunction function) {
        var call = function.importName();

        assertFails(calls().request(function, RESPONSE, "", "a"), call + ": the name is empty");
        assertFails(calls().request(function, RESPONSE, "a:", "a"), call + ": the name is not one of a header field");
        assertFails(calls().request(function, REQUEST, "a", "a\r\nb: c"), call + ": the value has a control character");
        assertFails(calls().request(function, RESPONSE, "a", "\0"), call + ": the value has a control character");
        assertFails(calls().request(function, 4, "a", "b"), call + ": there is no header kind 4");
        assertFails(calls().request(function, RESPONSE, "a", OUTSIDE, 10), call + ": out of bounds memory access");
        assertFails(calls().request(function, RESPONSE, "a", 0, 0x10001), call + ": a text is longer than 64 KiB");
        assertFails(
                calls().request(function, RESPONSE, "a", "b".repeat(0xffff)),
                call + ": the fields would be larger than 64 KiB");
    }

    @Test
    void refusesMoreThanAHundredFields() {
        var calls = calls();
        for (int i = 0; i <= 100; i++) {
            calls.request(ADD_HEADER_VALUE, RESPONSE, "a", "b");
        }

        assertFails(calls, "add_header_value: there would be more than 100 fields");
    }

    @Test
    void refusesKindsThatAreNotThere() {
        assertFails(calls().request(GET_HEADER_NAMES, -1, BUFFER, 1), "get_header_names: there is no header kind -1");
        assertFails(
                calls().request(GET_HEADER_VALUES, 4, "a", BUFFER, 1), "get_header_values: there is no header kind 4");
        assertFails(calls().request(GET_HEADER_VALUES, REQUEST, "", BUFFER, 1), "get_header_values: the name is empty");
        assertFails(calls().request(REMOVE_HEADER, 4, "a"), "remove_header: there is no header kind 4");
        assertFails(calls().request(REMOVE_HEADER, RESPONSE, ""), "remove_header: the name is empty");
        assertFails(calls().request(READ_BODY, 2, BUFFER, 1), "read_body: there is no body kind 2");
        assertFails(calls().request(WRITE_BODY, 2, BUFFER, 1), "write_body: there is no body kind 2");
    }

    @Test
    void refusesAddressesOutsideOfTheMemory() {
        assertFails(calls().request(GET_URI, OUTSIDE, 100), "get_uri: out of bounds memory access");
        assertFails(calls().request(SET_URI, OUTSIDE, 100), "set_uri: out of bounds memory access");
        assertFails(calls().request(SET_METHOD, -1, 1), "set_method: out of bounds memory access");
        assertFails(calls().request(LOG, 0, OUTSIDE, 1), new TestingLog(), "log: out of bounds memory access");
        assertFails(
                calls().body("a").request(READ_BODY, REQUEST, OUTSIDE, 1), "read_body: out of bounds memory access");
        assertFails(calls().request(WRITE_BODY, RESPONSE, OUTSIDE, 1), "write_body: out of bounds memory access");
    }

    private void assertFails(TestingCalls calls, GuestLog log, String message) {
        assertThat(run(calls, TestingGuests.LIMITS, log))
                .isEqualTo(new Reply.Failure(ErrorKind.FUNCTION_FAILED, "the function trapped: " + message));
    }

    @Test
    void doesNotSupportTrailers() {
        var calls = calls().request(ENABLE_FEATURES, TRAILERS | BUFFER_RESPONSE)
                .request(GET_HEADER_NAMES, REQUEST_TRAILERS, BUFFER, 100)
                .request(GET_HEADER_VALUES, RESPONSE_TRAILERS, "a", BUFFER, 100);

        assertThat(results(calls, 3)).containsExactly(BUFFER_RESPONSE, 0, 0);
        assertFails(
                calls().request(SET_HEADER_VALUE, RESPONSE_TRAILERS, "a", "b"),
                "set_header_value: trailers are not supported");
        assertFails(
                calls().request(ADD_HEADER_VALUE, RESPONSE_TRAILERS, "a", "b"),
                "add_header_value: trailers are not supported");
        assertFails(calls().request(REMOVE_HEADER, REQUEST_TRAILERS, "a"), "remove_header: trailers are not supported");
    }

    @Test
    void readsTheRequestsBodyInPieces() {
        var calls = calls().body("hello")
                .request(READ_BODY, REQUEST, BUFFER, 3)
                .request(READ_BODY, REQUEST, BUFFER + 3, 3)
                .request(READ_BODY, REQUEST, BUFFER + 3, 3);

        var answer = answer(calls.request(WRITE_BODY, RESPONSE, RESULTS, 24).request(WRITE_BODY, RESPONSE, BUFFER, 5));

        assertThat(longs(answer, 3)).containsExactly(3, EOF | 2, EOF);
        assertThat(TestingGuests.body(answer)).endsWith("hello");
    }

    @Test
    void refusesToReadABodyWithoutRoom() {
        assertFails(calls().body("a").request(READ_BODY, REQUEST, BUFFER, 0), "read_body: there is no room to read to");
    }

    @Test
    void readsTheWholeBodyAgainAfterTheNextHandlerWhenItIsBuffered() {
        var calls = calls().body("hello")
                .request(ENABLE_FEATURES, BUFFER_REQUEST | BUFFER_RESPONSE)
                .request(READ_BODY, REQUEST, BUFFER, 3)
                .next(1)
                .response(READ_BODY, REQUEST, BUFFER, 1000)
                .response(READ_BODY, REQUEST, BUFFER, 1000)
                .response(WRITE_BODY, RESPONSE, RESULTS, 48);
        var whole = calls.build().body().length;

        assertThat(longs(answer(calls), 6)).endsWith(EOF | whole, EOF);
    }

    @Test
    void refusesTheRequestsBodyAfterTheNextHandlerUnlessItIsBuffered() {
        assertFails(
                calls().next(1).response(READ_BODY, REQUEST, BUFFER, 1),
                "read_body: the body went to or came from the next handler, and is not buffered: enable"
                        + " buffer_request");
    }

    @Test
    void answersWithWhatWasWrittenInPieces() {
        var answer = answer(calls().request(WRITE_BODY, RESPONSE, "hel").request(WRITE_BODY, RESPONSE, "lo"));

        assertThat(TestingGuests.body(answer)).isEqualTo("hello");
    }

    @Test
    void leavesTheRequestsBodyToBeReadWhenItIsReplaced() {
        var calls = calls().body("hello").request(WRITE_BODY, REQUEST, "bye").request(READ_BODY, REQUEST, BUFFER, 100);

        assertThat(memory(calls, BUFFER, 5)).isEqualTo("hello");
    }

    @Test
    void refusesARequestsBodyThatIsTooLarge() {
        var calls = calls();
        for (int i = 0; i < 10; i++) {
            calls.request(WRITE_BODY, REQUEST, 0, 0x18000);
        }

        assertFails(calls, "write_body: the request's body would be larger than 900000 bytes");
    }

    @Test
    void endsARunWhoseAnswerIsTooLarge() {
        var limits = TestingGuests.limits(5_000, 64, 100);
        var body = calls().request(WRITE_BODY, RESPONSE, BUFFER, 60).request(WRITE_BODY, RESPONSE, BUFFER, 41);
        var withHeader = calls().request(WRITE_BODY, RESPONSE, BUFFER, 90)
                .request(SET_HEADER_VALUE, RESPONSE, "a", "b".repeat(10));
        var enough = calls().request(WRITE_BODY, RESPONSE, BUFFER, 85)
                .request(SET_HEADER_VALUE, RESPONSE, "a", "b".repeat(10));

        assertThat(run(body, limits, GuestLog.NONE)).extracting("kind").isEqualTo(ErrorKind.ANSWER_TOO_LARGE);
        assertThat(run(withHeader, limits, GuestLog.NONE)).extracting("kind").isEqualTo(ErrorKind.ANSWER_TOO_LARGE);
        assertThat(run(enough, limits, GuestLog.NONE)).isInstanceOf(Reply.Answer.class);
    }

    @Test
    void setsTheStatus() {
        var calls = calls().request(GET_STATUS_CODE)
                .request(SET_STATUS_CODE, 418)
                .request(GET_STATUS_CODE)
                .request(WRITE_BODY, RESPONSE, RESULTS, 24);
        var answer = answer(calls);

        assertThat(answer.status()).isEqualTo(418);
        assertThat(longs(answer, 3)).containsExactly(200, 0, 418);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 199, 600, -1})
    void refusesAStatusThatNoAnswerHas(int status) {
        assertFails(
                calls().request(SET_STATUS_CODE, status),
                "set_status_code: the status " + status + " is not between 200 and 599");
    }

    @Test
    void findsNothingBehindTheGuest() {
        var answer = answer(calls().request(SET_HEADER_VALUE, RESPONSE, "x-a", "1")
                .request(WRITE_BODY, RESPONSE, "lost")
                .next(1));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.headers())
                .containsExactly(new Header("x-a", "1"), new Header("content-type", "text/plain; charset=utf-8"));
        assertThat(TestingGuests.body(answer)).isEqualTo("not found\n");
    }

    @Test
    void handsTheContextToHandleResponse() {
        var calls = calls().request(ENABLE_FEATURES, BUFFER_RESPONSE)
                .next(0xfeed_beefL << 32 | 1)
                .response(WRITE_BODY, RESPONSE, RESULTS + 8, 16);

        assertThat(longs(answer(calls), 2)).containsExactly(0xfeed_beefL, 0);
    }

    @Test
    void letsHandleResponseReplaceABufferedResponse() {
        var answer = answer(calls().request(ENABLE_FEATURES, BUFFER_RESPONSE)
                .next(1)
                .response(GET_STATUS_CODE)
                .response(READ_BODY, RESPONSE, BUFFER, 100)
                .response(SET_STATUS_CODE, 200)
                .response(SET_HEADER_VALUE, RESPONSE, "content-type", "a/b")
                .response(WRITE_BODY, RESPONSE, "was ")
                .response(WRITE_BODY, RESPONSE, BUFFER, 9));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsExactly(new Header("content-type", "a/b"));
        assertThat(TestingGuests.body(answer)).isEqualTo("was not found");
    }

    @Test
    void keepsAResponseThatIsNotBufferedFromHandleResponse() {
        var reason = "the response of the next handler is not buffered: enable buffer_response";

        assertFails(calls().next(1).response(SET_STATUS_CODE, 200), "set_status_code: " + reason);
        assertFails(calls().next(1).response(WRITE_BODY, RESPONSE, "a"), "write_body: " + reason);
        assertFails(calls().next(1).response(SET_HEADER_VALUE, RESPONSE, "a", "b"), "set_header_value: " + reason);
        assertFails(
                calls().next(1).response(READ_BODY, RESPONSE, BUFFER, 1),
                "read_body: the body went to or came from the next handler, and is not buffered: enable"
                        + " buffer_response");
    }

    @Test
    void keepsTheRequestFromHandleResponse() {
        var reason = "the request has gone to the next handler";

        assertFails(calls().next(1).response(SET_METHOD, "GET"), "set_method: " + reason);
        assertFails(calls().next(1).response(SET_URI, "/"), "set_uri: " + reason);
        assertFails(calls().next(1).response(ADD_HEADER_VALUE, REQUEST, "a", "b"), "add_header_value: " + reason);
        assertFails(calls().next(1).response(REMOVE_HEADER, REQUEST, "a"), "remove_header: " + reason);
        assertFails(calls().next(1).response(WRITE_BODY, REQUEST, "a"), "write_body: " + reason);
    }

    @Test
    void refusesANextThatIsNeitherZeroNorOne() {
        assertFails(calls().next(2), "handle_request: next is neither 0 nor 1");
    }

    @Test
    void hasNoRequestWhileTheGuestIsInitialised() throws Exception {
        assertThat(guests.run("handler-early", TestingGuests.LIMITS))
                .isEqualTo(new Reply.Failure(
                        ErrorKind.FUNCTION_FAILED, "the function trapped: get_uri: no request is being handled"));
    }
}
