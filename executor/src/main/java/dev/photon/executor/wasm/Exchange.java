package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import dev.photon.executor.outbound.Room;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * A request and its response in the hands of a handler. What may be done depends on whether the request has gone to the
 * next handler, and on the features that are enabled (http-wasm handler ABI, "features").
 *
 * <pre>
 * handle_request: all is free ──proceed()──► handle_response: the request is history, to be read (its body with
 *                                            buffer_request); the response is changed with buffer_response
 * </pre>
 *
 * Whatever is forbidden is a {@link BadCall}.
 */
final class Exchange {
    static final int BUFFER_REQUEST = 1;
    static final int BUFFER_RESPONSE = 2;

    private static final int MAX_URI = 64 * 1024;
    private static final String ON_ITS_WAY = "the response is on its way already";
    private static final NextHandler.Response NOTHING_THERE = text(404, "not found\n");
    private static final NextHandler.Response FAILED = text(502, "the next handler failed\n");

    /** What of the response's body may be held. */
    private final int room;

    private final Room memory;
    private final PassedAnswer passed;
    private final NextHandler next;
    private final Message request;
    private Message response;
    private String method;
    private String uri;
    private int status = 200;
    private int features;
    private boolean afterNext;

    /**
     * @param memory for bodies that the guest writes
     */
    Exchange(GuestRequest request, int answerBytes, PassedAnswer passed, int features, Room memory) {
        this.memory = memory;
        this.room = Math.min(answerBytes, Reply.MAX_BYTES);
        this.passed = passed;
        this.next = request.next();
        this.features = features;
        this.request =
                new Message(request.http().headers(), new BodyStream(request.body(), Invocation.MAX_BYTES, memory));
        this.response = new Message(List.of(), BodyStream.empty(room, memory));
        this.method = request.http().method();
        this.uri = uri(request.http());
    }

    private static NextHandler.Response text(int status, String text) {
        return new NextHandler.Response(
                status, List.of(new Header("content-type", "text/plain; charset=utf-8")), text.getBytes(UTF_8));
    }

    private static String uri(Invocation.HttpHead http) {
        var path = http.path().isEmpty() ? "/" : http.path();
        return http.query().isEmpty() ? path : path + "?" + http.query();
    }

    /**
     * Enables features for this exchange, and returns all that are in effect. Once the next handler has had its turn it
     * is too late: what passed was buffered, or it was not.
     */
    int enable(int wanted) {
        if (!afterNext) {
            features |= wanted;
        }
        return features;
    }

    private boolean has(int feature) {
        return (features & feature) != 0;
    }

    private void mayChangeRequest() {
        if (afterNext) {
            throw new BadCall("the request has gone to the next handler");
        }
    }

    private void mayChangeResponse() {
        mustBeHeld();
        if (afterNext && !has(BUFFER_RESPONSE)) {
            throw new BadCall("the response of the next handler is not buffered: enable buffer_response");
        }
    }

    /** Once more was written than fits one record, the response is on its way. */
    private void mustBeHeld() {
        if (passed.begun()) {
            throw new BadCall(ON_ITS_WAY);
        }
    }

    String method() {
        return method;
    }

    void method(String changed) {
        mayChangeRequest();
        if (!FieldRules.isToken(changed)) {
            throw new BadCall("that is no method");
        }
        method = changed;
    }

    String uri() {
        return uri;
    }

    void uri(String changed) {
        mayChangeRequest();
        var isEncoded = changed.chars().allMatch(c -> c > ' ' && c < 0x7F);
        if (!isEncoded || changed.length() > MAX_URI || !(changed.isEmpty() || changed.startsWith("/"))) {
            throw new BadCall("that is no encoded path, with or without a query");
        }
        uri = changed.isEmpty() ? "/" : changed;
    }

    int status() {
        return status;
    }

    void status(int changed) {
        mayChangeResponse();
        if (!FieldRules.isStatus(changed)) {
            throw new BadCall("the status " + changed + " is not between 200 and 599");
        }
        status = changed;
    }

    /** To look at. There are no trailers: neither invocations nor replies carry any. */
    Fields fields(int kind) {
        return switch (kind) {
            case 0 -> request.headers();
            case 1 -> response.headers();
            case 2, 3 -> new Fields(List.of());
            default -> throw new BadCall("there is no header kind " + kind);
        };
    }

    /** To change. */
    Fields changeableFields(int kind) {
        var fields = fields(kind);
        if (kind >= 2) {
            throw new BadCall("trailers are not supported");
        }
        if (kind == 0) {
            mayChangeRequest();
        } else {
            mayChangeResponse();
        }
        return fields;
    }

    BodyStream readableBody(int kind) {
        var body = body(kind);
        if (kind == 1) {
            mustBeHeld();
        }
        if (afterNext && !has(kind == 0 ? BUFFER_REQUEST : BUFFER_RESPONSE)) {
            throw new BadCall("the body went to or came from the next handler, and is not buffered: enable "
                    + (kind == 0 ? "buffer_request" : "buffer_response"));
        }
        return body;
    }

    /**
     * @param length unsigned
     * @throws AnswerTooLarge when the response passes its limit
     */
    void write(int kind, LinearMemory memory, int address, int length) {
        var body = body(kind);
        if (kind == 1) {
            respond(body, memory, address, length);
            return;
        }
        mayChangeRequest();
        body.write(memory, address, length);
        if (body.isCut()) {
            throw new BadCall("the request's body would be larger than " + Invocation.MAX_BYTES + " bytes");
        }
    }

    private void respond(BodyStream body, LinearMemory memory, int address, int length) {
        if (passed.begun()) {
            passed.write(memory, address, length);
            return;
        }
        mayChangeResponse();
        if (Integer.toUnsignedLong(length) > room - body.written()) {
            passed.overflow();
            pass(body);
            passed.write(memory, address, length);
        } else {
            body.write(memory, address, length);
            if (isDue()) {
                pass(body);
            }
        }
    }

    /** Whether the client shall not wait for the rest. Who has it buffered means to change it. */
    private boolean isDue() {
        return !has(BUFFER_RESPONSE) && passed.mayBeginEarly() && (passed.isSlow() || isOfEvents());
    }

    private boolean isOfEvents() {
        for (var type : response.headers().values("content-type")) {
            if (PassedAnswer.isOfEvents(type)) {
                return true;
            }
        }
        return false;
    }

    private void pass(BodyStream body) {
        passed.begin(status, response.headers().passedOn(), response.headers().bytes());
        if (body.written() > 0) {
            passed.write(body.bytes(), 0, body.written());
        }
        body.clear();
        response = response.with(BodyStream.empty(room, memory));
    }

    private BodyStream body(int kind) {
        return switch (kind) {
            case 0 -> request.body();
            case 1 -> response.body();
            default -> throw new BadCall("there is no body kind " + kind);
        };
    }

    /**
     * Hands the request, as the guest left it, to the next handler; header fields that the guest gave the response stay.
     *
     * @return why the next handler has no response, when it failed; then one that says no more than that stands there
     */
    Optional<String> proceed() {
        if (passed.begun()) {
            throw new BadCall("handle_request: " + ON_ITS_WAY);
        }
        afterNext = true;
        request.body().rewind();
        try {
            respond(next());
            return Optional.empty();
        } catch (NextHandler.Failed e) {
            respond(FAILED);
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void respond(NextHandler.Response found) {
        status = found.status();
        found.headers().forEach(header -> response.headers().set(header.name(), header.value()));
        response = response.with(new BodyStream(found.body(), room, memory));
    }

    private NextHandler.Response next() throws NextHandler.Failed {
        try {
            return next.handle(method, uri).orElse(NOTHING_THERE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChicoryInterruptedException(e);
        }
    }

    /**
     * @param last gets the status before the last of the answer leaves
     * @throws AnswerTooLarge when it is, with its header
     */
    Reply.Outcome answer(IntConsumer last) {
        var body = passed.begun() ? new byte[0] : response.body().bytes();
        if (!passed.begun() && body.length + response.headers().bytes() > room) {
            passed.overflow();
            pass(response.body());
        }
        last.accept(status);
        return passed.begun()
                ? passed.end()
                : new Reply.Answer(status, response.headers().passedOn(), body);
    }
}
