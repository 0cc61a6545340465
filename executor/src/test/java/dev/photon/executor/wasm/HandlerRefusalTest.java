package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.HandlerFunction.ADD_HEADER_VALUE;
import static dev.photon.executor.wasm.HandlerFunction.ENABLE_FEATURES;
import static dev.photon.executor.wasm.HandlerFunction.GET_HEADER_NAMES;
import static dev.photon.executor.wasm.HandlerFunction.GET_HEADER_VALUES;
import static dev.photon.executor.wasm.HandlerFunction.GET_SOURCE_ADDR;
import static dev.photon.executor.wasm.HandlerFunction.GET_URI;
import static dev.photon.executor.wasm.HandlerFunction.LOG;
import static dev.photon.executor.wasm.HandlerFunction.READ_BODY;
import static dev.photon.executor.wasm.HandlerFunction.REMOVE_HEADER;
import static dev.photon.executor.wasm.HandlerFunction.SET_HEADER_VALUE;
import static dev.photon.executor.wasm.HandlerFunction.SET_METHOD;
import static dev.photon.executor.wasm.HandlerFunction.SET_STATUS_CODE;
import static dev.photon.executor.wasm.HandlerFunction.SET_URI;
import static dev.photon.executor.wasm.HandlerFunction.WRITE_BODY;
import static dev.photon.executor.wasm.TestingCalls.BUFFER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import dev.photon.registry.InvalidModule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls that the http-wasm handler ABI forbids, or that we do. Each ends the run, with its name. */
class HandlerRefusalTest extends HandlerSuite {
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

    @ParameterizedTest
    @CsvSource({"ADD_HEADER_VALUE, 0", "ADD_HEADER_VALUE, 1", "SET_HEADER_VALUE, 0", "SET_HEADER_VALUE, 1"})
    void refusesMoreThanAHundredFields(HandlerFunction function, int kind) {
        var calls = calls();
        for (int i = 0; i <= 100; i++) {
            calls.request(function, kind, "a" + i, "b");
        }

        assertFails(calls, function.importName() + ": there would be more than 100 fields");
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

    @ParameterizedTest
    @EnumSource(names = {"GET_CONFIG", "GET_METHOD", "GET_URI", "GET_PROTOCOL_VERSION"})
    void refusesToWriteOutsideOfTheMemory(HandlerFunction function) {
        assertFails(calls().request(function, OUTSIDE, 100), function.importName() + ": out of bounds memory access");
    }

    @Test
    void refusesNamesAndBuffersOfFieldsOutsideOfTheMemory() {
        var outside = ": out of bounds memory access";
        var field = new Header("x-a", "1");

        assertFails(
                calls().headers(field).request(GET_HEADER_NAMES, REQUEST, OUTSIDE, 100), "get_header_names" + outside);
        assertFails(calls().request(GET_HEADER_VALUES, REQUEST, OUTSIDE, 3, BUFFER, 9), "get_header_values" + outside);
        assertFails(
                calls().headers(field).request(GET_HEADER_VALUES, REQUEST, "x-a", OUTSIDE, 9),
                "get_header_values" + outside);
        assertFails(calls().request(ADD_HEADER_VALUE, RESPONSE, OUTSIDE, 3, 0, 1), "add_header_value" + outside);
        assertFails(calls().request(SET_HEADER_VALUE, RESPONSE, OUTSIDE, 3, 0, 1), "set_header_value" + outside);
        assertFails(calls().request(REMOVE_HEADER, RESPONSE, OUTSIDE, 3), "remove_header" + outside);
    }

    /** There is never anything to write. */
    @Test
    void readsNoSourceAddressToWherever() {
        assertThat(results(calls().request(GET_SOURCE_ADDR, OUTSIDE, 100), 1)).containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x10001, Integer.MAX_VALUE, -1})
    void refusesTextsOfMoreThan64KiB(int length) {
        var reason = ": a text is longer than 64 KiB";

        assertFails(calls().request(SET_METHOD, 0, length), "set_method" + reason);
        assertFails(calls().request(SET_URI, 0, length), "set_uri" + reason);
        assertFails(calls().request(GET_HEADER_VALUES, REQUEST, 0, length, BUFFER, 1), "get_header_values" + reason);
        assertFails(calls().request(ADD_HEADER_VALUE, REQUEST, 0, length, 0, 1), "add_header_value" + reason);
        assertFails(calls().request(SET_HEADER_VALUE, RESPONSE, 0, length, 0, 1), "set_header_value" + reason);
        assertFails(calls().request(REMOVE_HEADER, REQUEST, 0, length), "remove_header" + reason);
    }

    @Test
    void refusesToReadABodyWithoutRoom() {
        assertFails(calls().body("a").request(READ_BODY, REQUEST, BUFFER, 0), "read_body: there is no room to read to");
    }

    @Test
    void refusesTheRequestsBodyAfterTheNextHandlerUnlessItIsBuffered() {
        assertFails(
                calls().next(1).response(READ_BODY, REQUEST, BUFFER, 1),
                "read_body: the body went to or came from the next handler, and is not buffered: enable"
                        + " buffer_request");
    }

    @Test
    void refusesARequestsBodyThatIsTooLarge() {
        var calls = calls();
        for (int i = 0; i < 10; i++) {
            calls.request(WRITE_BODY, REQUEST, 0, 0x18000);
        }

        assertFails(calls, "write_body: the request's body would be larger than 900000 bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 199, 600, -1})
    void refusesAStatusThatNoAnswerHas(int status) {
        assertFails(
                calls().request(SET_STATUS_CODE, status),
                "set_status_code: the status " + status + " is not between 200 and 599");
    }

    @Test
    void keepsAResponseThatIsNotBufferedFromHandleResponse() {
        var reason = "the response of the next handler is not buffered: enable buffer_response";

        assertFails(calls().next(1).response(SET_STATUS_CODE, 200), "set_status_code: " + reason);
        assertFails(calls().next(1).response(WRITE_BODY, RESPONSE, "a"), "write_body: " + reason);
        assertFails(calls().next(1).response(SET_HEADER_VALUE, RESPONSE, "a", "b"), "set_header_value: " + reason);
        assertFails(calls().next(1).response(ADD_HEADER_VALUE, RESPONSE, "a", "b"), "add_header_value: " + reason);
        assertFails(calls().next(1).response(REMOVE_HEADER, RESPONSE, "a"), "remove_header: " + reason);
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
        assertFails(calls().next(1).response(SET_HEADER_VALUE, REQUEST, "a", "b"), "set_header_value: " + reason);
        assertFails(calls().next(1).response(REMOVE_HEADER, REQUEST, "a"), "remove_header: " + reason);
        assertFails(calls().next(1).response(WRITE_BODY, REQUEST, "a"), "write_body: " + reason);
    }

    @Test
    void refusesANextThatIsNeitherZeroNorOne() {
        assertFails(calls().next(2), "handle_request: next is neither 0 nor 1");
    }

    @Test
    void refusesToBufferWhatHasPassedAlready() {
        assertFails(
                calls().next(1).response(ENABLE_FEATURES, BUFFER_RESPONSE).response(SET_STATUS_CODE, 200),
                "set_status_code: the response of the next handler is not buffered: enable buffer_response");
        assertFails(
                calls().next(1).response(ENABLE_FEATURES, BUFFER_REQUEST).response(READ_BODY, REQUEST, BUFFER, 1),
                "read_body: the body went to or came from the next handler, and is not buffered: enable"
                        + " buffer_request");
    }

    /** Of events each part goes at once. */
    private static TestingCalls begun() {
        return calls().request(SET_HEADER_VALUE, RESPONSE, "content-type", "text/event-stream")
                .request(WRITE_BODY, RESPONSE, "data: 1\n\n");
    }

    @Test
    void keepsAResponseThatIsOnItsWay() {
        var reason = ": the response is on its way already";

        assertFailsOnItsWay(begun().request(SET_STATUS_CODE, 201), "set_status_code" + reason);
        assertFailsOnItsWay(begun().request(SET_HEADER_VALUE, RESPONSE, "a", "b"), "set_header_value" + reason);
        assertFailsOnItsWay(begun().request(ADD_HEADER_VALUE, RESPONSE, "a", "b"), "add_header_value" + reason);
        assertFailsOnItsWay(begun().request(REMOVE_HEADER, RESPONSE, "a"), "remove_header" + reason);
        assertFailsOnItsWay(begun().request(READ_BODY, RESPONSE, BUFFER, 1), "read_body" + reason);
        assertFailsOnItsWay(begun().next(1), "handle_request" + reason);
    }

    @ParameterizedTest
    @CsvSource({
        "a, get_method",
        "b, set_method",
        "c, get_uri",
        "d, set_uri",
        "e, get_header_names",
        "f, get_header_values",
        "g, add_header_value",
        "h, set_header_value",
        "i, remove_header",
        "j, read_body",
        "k, write_body",
        "l, get_status_code",
        "m, set_status_code",
        "n, get_source_addr"
    })
    void hasNoRequestWhileTheGuestIsInitialised(String letter, String function) throws Exception {
        assertThat(early(letter, GuestLog.NONE))
                .isEqualTo(new Reply.Failure(
                        ErrorKind.FUNCTION_FAILED,
                        "the function trapped: " + function + ": no request is being handled"));
    }

    @Test
    void allowsTheCallsThatNeedNoRequestWhileTheGuestIsInitialised() throws Exception {
        var log = new TestingLog();

        assertThat(early("-", log)).isInstanceOf(Reply.Answer.class);
        assertThat(log.lines()).containsExactly("INFO A");
    }

    private Reply.Outcome early(String letter, GuestLog log) throws InvalidModule {
        var head = new Invocation.HttpHead("GET", "/", "", List.of());
        var request = new GuestRequest(head, new byte[0], Map.of("A", letter), "name", "1.2.3", "id-1", true);
        return guests.run(guests.compile("handler-early"), request, TestingGuests.LIMITS, log)
                .join();
    }
}
