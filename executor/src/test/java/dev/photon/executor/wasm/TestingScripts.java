package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Scripts, run on guest threads as the executor does. All tests share one engine's beginning, which takes a second. */
final class TestingScripts implements AutoCloseable {
    static final RunLimits LIMITS = new RunLimits(10_000, 400, 1 << 20, 64 << 10, 10, 0);

    private static final ScriptEngine ENGINE = ScriptEngine.start();
    private static final MemoryPool MEMORIES = new MemoryPool(256 << 20);

    private final Watchdog watchdog = new Watchdog();
    private final GuestThreads threads = new GuestThreads(4, 8, Duration.ZERO);
    private final TestingLog log = new TestingLog();
    private OutboundCalls outbound = OutboundCalls.NONE;
    private EventSink events = EventSink.NONE;

    static GuestRequest request(String body, Header... headers) {
        return request(Map.of(), body, headers);
    }

    static GuestRequest request(Map<String, String> env, String body, Header... headers) {
        return request(env, body.getBytes(UTF_8), headers);
    }

    static GuestRequest request(Map<String, String> env, byte[] body, Header... headers) {
        var head = new Invocation.HttpHead("POST", "/a%20b", "q=1&r=%20", List.of(headers));
        return new GuestRequest(head, body, env, "greeting", "1.2.3", "id-1", false);
    }

    void outbound(OutboundCalls calls) {
        outbound = calls;
    }

    void events(EventSink sink) {
        events = sink;
    }

    TestingLog log() {
        return log;
    }

    static ScriptFunction load(String source, Watchdog watchdog, MemoryPool memories) {
        return new ScriptFunction(ENGINE, source.getBytes(UTF_8), watchdog, memories);
    }

    /** What the runs of all tests share. */
    static MemoryPool memories() {
        return MEMORIES;
    }

    ScriptFunction load(String source) {
        return load(source, watchdog, MEMORIES);
    }

    CompletableFuture<Reply.Outcome> start(ScriptFunction script, GuestRequest request, RunLimits limits) {
        return CompletableFuture.supplyAsync(
                () -> script.run(request, limits, log, outbound, LargeAnswer.NONE, events), threads);
    }

    Reply.Outcome run(ScriptFunction script, GuestRequest request) {
        return start(script, request, LIMITS).join();
    }

    Reply.Outcome run(String source) {
        return run(load(source), request(""));
    }

    /** What a script answers of which this is the handler's body. */
    String answer(String handler) {
        return text(run("export default { async fetch(request, env, ctx) { " + handler + " } };"));
    }

    /** What an expression comes to, as JSON. */
    String value(String expression) {
        return answer("return Response.json(" + expression + ");");
    }

    static String text(Reply.Outcome outcome) {
        return outcome instanceof Reply.Answer answer ? new String(answer.body(), UTF_8) : outcome.toString();
    }

    static String failure(Reply.Outcome outcome) {
        return outcome instanceof Reply.Failure failure ? failure.kind() + " " + failure.message() : outcome.toString();
    }

    @Override
    public void close() {
        threads.close();
        watchdog.close();
    }
}
