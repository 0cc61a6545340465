package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A request to {@code handler-calls.wat}: the calls it shall make, each with numbers and texts as arguments. */
final class TestingCalls {
    /** Free memory for what calls write. */
    static final int BUFFER = 0x11000;

    /** Where the guest keeps results. */
    static final int RESULTS = 0x10000;

    private static final int HEAD = 20;
    private static final int CALL = 24;

    private final List<Object[]> inRequest = new ArrayList<>();
    private final List<Object[]> inResponse = new ArrayList<>();
    private long contextAndNext;
    private String body = "";
    private boolean reuse;
    private List<Header> headers = List.of();
    private NextHandler next = NextHandler.NONE;

    /** Adds a call to {@code handle_request}. A text becomes two arguments, its address and its length. */
    TestingCalls request(HandlerFunction function, Object... arguments) {
        inRequest.add(line(function, arguments));
        return this;
    }

    /** Adds a call to {@code handle_response}. */
    TestingCalls response(HandlerFunction function, Object... arguments) {
        inResponse.add(line(function, arguments));
        return this;
    }

    /** Lets {@code handle_request} return this, which is 0 otherwise. */
    TestingCalls next(long value) {
        contextAndNext = value;
        return this;
    }

    /** What stands in the request's body behind the list. */
    TestingCalls body(String text) {
        body = text;
        return this;
    }

    /** Lets the instance serve others, whose memory is as they left it. */
    TestingCalls reuse() {
        reuse = true;
        return this;
    }

    /** What the request goes to when it is passed on. */
    TestingCalls behind(NextHandler handler) {
        next = handler;
        return this;
    }

    TestingCalls headers(Header... given) {
        headers = List.of(given);
        return this;
    }

    private static Object[] line(HandlerFunction function, Object[] arguments) {
        var line = new ArrayList<Object>();
        line.add(List.of(HandlerFunction.values()).indexOf(function));
        line.addAll(Arrays.asList(arguments));
        return line.toArray();
    }

    GuestRequest build() {
        var calls = new ArrayList<>(inRequest);
        calls.addAll(inResponse);
        var texts = new ByteArrayOutputStream();
        var list = ByteBuffer.allocate(calls.size() * CALL).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < calls.size(); i++) {
            list.position(i * CALL);
            for (var argument : calls.get(i)) {
                if (argument instanceof Integer number) {
                    list.putInt(number);
                } else {
                    var text = argument.toString().getBytes(UTF_8);
                    list.putInt(HEAD + list.capacity() + texts.size()).putInt(text.length);
                    texts.writeBytes(text);
                }
            }
        }
        var head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(list.capacity() + texts.size())
                .putInt((int) (contextAndNext >>> 32))
                .putInt((int) contextAndNext);
        head.putInt(inRequest.size()).putInt(inResponse.size());
        var all = new ByteArrayOutputStream();
        all.writeBytes(head.array());
        all.writeBytes(list.array());
        all.writeBytes(texts.toByteArray());
        all.writeBytes(body.getBytes(UTF_8));
        var http = new Invocation.HttpHead("POST", "/a%20b", "q=1", headers);
        var env = Map.of("GREETING", "Hi \"you\"", "A", "é");
        return new GuestRequest(http, all.toByteArray(), env, "name", "1.2.3", "id-1", reuse, next);
    }
}
