package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.executor.outbound.OutboundRequest;
import dev.photon.executor.outbound.OutboundResult;
import dev.photon.executor.outbound.Room;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import dev.photon.registry.InvalidModule;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * A process of its own, in which functions take all that they can make it keep, while a light one is called again and
 * again. Each is answered, or told that there is no room. Says "all well" in the end, or what went wrong.
 */
final class FullHeap implements AutoCloseable {
    private static final int TOGETHER = 64;
    private static final RunLimits LIMITS = new RunLimits(60_000, 2_048, 1 << 20, 1 << 20, 10, 256 << 20);
    private static final RunLimits SHORT = new RunLimits(300, 2_048, 1 << 20, 1 << 20, 10, 256 << 20);

    private static final String FETCHING =
            "export default { async fetch() { const answer = await fetch('http://a.test/');"
                    + " await new Promise((go) => setTimeout(go, 100)); return new Response('fine'); } };";

    private final Watchdog watchdog = new Watchdog();
    private final GuestThreads threads = new GuestThreads(4, TOGETHER, Duration.ZERO);
    private final int pages = (int) (Engine.defaultMemory() / Memory.PAGE_SIZE);
    private final MemoryPool memories = new MemoryPool(Engine.defaultMemory());
    private final Engine engine = new Engine(watchdog, memories);
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private volatile boolean done;

    public static void main(String[] arguments) throws Exception {
        try (var heap = new FullHeap()) {
            heap.fill();
        }
    }

    private void fill() throws Exception {
        var echo = engine.compile(ByteBuffer.wrap(TestingGuests.bytes("echo")));
        var neighbour = CompletableFuture.runAsync(() -> {
            while (!done) {
                expect(run(echo, "hello", LIMITS, OutboundCalls.NONE), "hello");
            }
        });
        keepTopLevels();
        fillTmp();
        holdAnswersOfOthers();
        interpretMuch();
        nestCalls();
        holdLines();
        done = true;
        neighbour.join();
        if (!TestingGuests.body(run(echo, "hello", LIMITS, OutboundCalls.NONE).join())
                .equals("hello")) {
            wrong.add("the neighbour does not answer in the end");
        }
        // All of the budget is there, so that nothing was lost and nothing given back twice.
        memories.memory(new MemoryLimits(pages, pages), 0).close();
        if (memories.freeBytes() != (long) pages * Memory.PAGE_SIZE) {
            wrong.add(memories.freeBytes() + " bytes are free of " + pages + " pages");
        }
        System.out.println(wrong.isEmpty() ? "all well" : String.join("\n", wrong));
    }

    /** Of 12 MB each, which every run would start with. */
    private void keepTopLevels() {
        var scripts = new ArrayList<ScriptFunction>();
        for (int i = 0; i < 15; i++) {
            var source =
                    "globalThis.all = new Uint8Array(12e6).fill(%d); export default { fetch: () => new Response('fine') };"
                            .formatted(i);
            scripts.add(engine.script(ByteBuffer.wrap(source.getBytes(UTF_8))));
        }
        for (var script : scripts) {
            expect(run(script, "", LIMITS, OutboundCalls.NONE), "fine");
        }
        scripts.forEach(ScriptFunction::rest);
    }

    /** With every way for a run to end. */
    private void fillTmp() throws InvalidModule {
        var hoard = engine.compile(ByteBuffer.wrap(TestingGuests.bytes("hoard")));
        for (var what : List.of("t", "l")) {
            together(i -> run(hoard, what + "a", LIMITS, OutboundCalls.NONE), "full");
            together(i -> run(hoard, what + "t", LIMITS, OutboundCalls.NONE), "the function trapped");
            together(i -> run(hoard, what + "s", SHORT, OutboundCalls.NONE), "the function ran longer");
        }
    }

    /** A script whose memory may not grow fails by itself. */
    private void holdAnswersOfOthers() {
        var script = engine.script(ByteBuffer.wrap(FETCHING.getBytes(UTF_8)));
        together(
                i -> run(script, "", LIMITS, new Answering()),
                "fine",
                "memory for the answer",
                "InternalError: out of memory");
        script.rest();
    }

    private void interpretMuch() throws InvalidModule {
        var module = TestingModule.withFunctionsOf(
                IntStream.range(0, 100).map(i -> 4_000).toArray());
        var all = new ArrayList<LoadedFunction>();
        for (int i = 0; i < 16; i++) {
            engine.interpret(ByteBuffer.wrap(module)).ifPresent(all::add);
        }
        if (all.isEmpty() || all.size() == 16) {
            wrong.add(all.size() + " modules are interpreted at once");
        }
        all.forEach(LoadedFunction::rest);
    }

    /** Of functions whose variables take a megabyte. */
    private void nestCalls() throws InvalidModule {
        var function = engine.compile(ByteBuffer.wrap(TestingModule.withFrames(50_000, 0, 0)));
        together(i -> run(function, "", LIMITS, OutboundCalls.NONE), "nested calls too deep");
    }

    /** Of top levels, and each is larger than what it says. */
    private void holdLines() {
        var source =
                "for (let i = 0; i < 1e6; i++) log.info(''); export default { fetch: () => new Response('fine') };";
        var scripts = IntStream.range(0, TOGETHER)
                .mapToObj(i -> engine.script(ByteBuffer.wrap(source.getBytes(UTF_8))))
                .toList();
        together(i -> run(scripts.get(i), "", SHORT, OutboundCalls.NONE), "fine", "the function ran longer");
        scripts.forEach(ScriptFunction::rest);
    }

    /** Others, whose answers have 4 MiB. */
    private record Answering() implements OutboundCalls {
        private static final int SIZE = 4 << 20;

        @Override
        public OutboundResult send(OutboundRequest request, Duration timeout) {
            throw new AssertionError("no room is asked for");
        }

        @Override
        public OutboundResult send(OutboundRequest request, Duration timeout, Room room) {
            return room.take(SIZE)
                    ? new OutboundResult.Response(200, request.url(), List.of(), new byte[SIZE])
                    : NO_ROOM;
        }
    }

    private interface Start {
        CompletableFuture<Reply.Outcome> of(int number);
    }

    private void together(Start start, String... endings) {
        var outcomes = IntStream.range(0, TOGETHER).mapToObj(start::of).toList();
        outcomes.forEach(outcome -> expect(outcome, endings));
    }

    private CompletableFuture<Reply.Outcome> run(
            LoadedFunction function, String body, RunLimits limits, OutboundCalls calls) {
        var head = new Invocation.HttpHead("POST", "/", "", List.of());
        var request = new GuestRequest(head, body.getBytes(UTF_8), Map.of(), "name", "1.0.0", "id", true);
        return CompletableFuture.supplyAsync(() -> function.run(request, limits, GuestLog.NONE, calls), threads);
    }

    private void expect(CompletableFuture<Reply.Outcome> running, String... endings) {
        try {
            var outcome = running.join();
            var noRoom = outcome instanceof Reply.Failure failure && failure.kind() == ErrorKind.UNAVAILABLE;
            var text = outcome instanceof Reply.Failure failure ? failure.message() : TestingGuests.body(outcome);
            if (!noRoom && List.of(endings).stream().noneMatch(text::contains)) {
                wrong.add(text + " and not " + String.join(" or ", endings));
            }
        } catch (RuntimeException e) {
            wrong.add(e.toString());
        }
    }

    @Override
    public void close() {
        threads.close();
        watchdog.close();
    }
}
