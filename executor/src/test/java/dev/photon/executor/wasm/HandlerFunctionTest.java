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
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The http-wasm handler ABI, call by call, through a guest that makes the calls that a test lists. */
class HandlerFunctionTest extends HandlerSuite {
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

    /** 3 stands for none. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, Integer.MAX_VALUE})
    void logsNothingBeyondTheLevelError(int level) {
        var log = new TestingLog();

        run(calls().request(LOG, level, "a"), TestingGuests.LIMITS, log);

        assertThat(log.lines()).isEmpty();
    }

    @Test
    void takesWhatIsBelowTheLevelDebugForIt() {
        var log = new TestingLog();

        run(calls().request(LOG, -2, "a").request(LOG, Integer.MIN_VALUE, "b"), TestingGuests.LIMITS, log);

        assertThat(log.lines()).containsExactly("DEBUG a", "DEBUG b");
    }

    @Test
    void logsAsMuchAsTheLimitAllows() {
        var log = new TestingLog();
        var calls = calls().request(LOG, 0, "abc")
                .request(LOG_ENABLED, 0)
                .request(LOG, 0, "def")
                .request(LOG_ENABLED, 0)
                .request(LOG, 0, "ghi")
                .request(WRITE_BODY, RESPONSE, RESULTS, 32);

        var answer = (Reply.Answer) run(calls, new RunLimits(5_000, 64, 1_000, 5, 10, 0), log);

        assertThat(log.lines()).containsExactly("INFO abc", "INFO de");
        assertThat(longs(answer, 4)).containsExactly(0, 1, 0, 0);
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
    void letsHandleResponseReadTheRequestsHead() {
        var answer = answer(calls().headers(new Header("x-a", "1"))
                .request(ENABLE_FEATURES, BUFFER_RESPONSE)
                .next(1)
                .response(GET_METHOD, BUFFER, 4)
                .response(GET_URI, BUFFER + 4, 10)
                .response(GET_HEADER_NAMES, REQUEST, BUFFER + 14, 4)
                .response(GET_HEADER_VALUES, REQUEST, "x-a", BUFFER + 18, 2)
                .response(WRITE_BODY, RESPONSE, BUFFER, 20));

        assertThat(TestingGuests.body(answer)).isEqualTo("POST/a%20b?q=1x-a\0001\0");
    }

    @Test
    void tellsThatItIsTooLateToEnableAFeature() {
        var calls = calls().request(ENABLE_FEATURES, BUFFER_RESPONSE)
                .next(1)
                .response(ENABLE_FEATURES, BUFFER_REQUEST)
                .response(WRITE_BODY, RESPONSE, RESULTS, 32);

        assertThat(longs(answer(calls), 4)).containsExactly(BUFFER_RESPONSE, 0, 0, BUFFER_RESPONSE);
    }

    @Test
    void tellsHandleResponseThatTheNextHandlerFailed() {
        var log = new TestingLog();
        var calls = calls().behind((method, uri) -> {
                    throw new NextHandler.Failed("no " + uri + " now");
                })
                .request(ENABLE_FEATURES, BUFFER_RESPONSE)
                .next(7L << 32 | 1)
                .response(GET_STATUS_CODE)
                .response(WRITE_BODY, RESPONSE, RESULTS + 8, 24);

        var answer = (Reply.Answer) run(calls, TestingGuests.LIMITS, log);

        assertThat(longs(answer, 3)).containsExactly(7, 1, 502);
        assertThat(log.lines()).containsExactly("ERROR next: no /a%20b?q=1 now");
    }

    @Test
    void doesNotTellTheClientWhyTheNextHandlerFailed() {
        var answer = answer(calls().behind((method, uri) -> {
                    throw new NextHandler.Failed("secret");
                })
                .next(1));

        assertThat(answer.status()).isEqualTo(502);
        assertThat(TestingGuests.body(answer)).isEqualTo("the next handler failed\n");
    }

    @Test
    void answersWithWhatIsBehindTheGuest() {
        var behind = new NextHandler.Response(203, List.of(new Header("x-a", "2")), "file".getBytes(UTF_8));
        var answer = answer(calls().behind((method, uri) ->
                        method.equals("GET") && uri.equals("/b") ? Optional.of(behind) : Optional.empty())
                .request(SET_METHOD, "GET")
                .request(SET_URI, "/b")
                .request(SET_HEADER_VALUE, RESPONSE, "x-a", "1")
                .next(1));

        assertThat(answer.status()).isEqualTo(203);
        assertThat(answer.headers()).containsExactly(new Header("x-a", "2"));
        assertThat(TestingGuests.body(answer)).isEqualTo("file");
    }
}
