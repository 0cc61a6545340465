package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A process of its own, in which every host function is first called where hardly any stack is left, at one depth after
 * the other, and then normally. Says "all well" in the end, or throws what broke.
 */
final class StackEnd {
    private static final int STACK_BYTES = 512 << 10;

    /** How far from the end of the stack calls are made; none of them needs that much. */
    private static final int FRAMES = 500;

    /** What scripts ask the host, with its parameters. */
    private static final Map<String, String> SCRIPT_CALLS = Map.ofEntries(
            Map.entry("variables", ""),
            Map.entry("file", ""),
            Map.entry("log", "INFO\0line"),
            Map.entry("loaded", ""),
            Map.entry("request", ""),
            Map.entry("content", ""),
            Map.entry("random", "100"),
            Map.entry("sleep", "0"),
            Map.entry("fetch", "follow\0GET\0https://a.example/\0x-a\0001"),
            Map.entry("emit", "orders\0x-a\0001"),
            Map.entry("answering", ""),
            Map.entry("answered", ""),
            Map.entry("failed", "message\0place\0stack"));

    private static int reached;
    private static boolean begun;
    private static int wrapped;
    private static boolean ended;

    private StackEnd() {}

    private interface Call {
        /** Where there is plenty of stack. */
        default void prepare() {}

        void make();
    }

    /** A memory that moves to a larger block. */
    private static final class Growth implements Call {
        private final MemoryPool pool;
        private LinearMemory memory;

        Growth(MemoryPool pool) {
            this.pool = pool;
            memory = pool.memory(new MemoryLimits(1, 100), 0);
        }

        @Override
        public void prepare() {
            memory.close();
            memory = pool.memory(new MemoryLimits(1, 100), 0);
        }

        @Override
        public void make() {
            memory.grow(20);
        }
    }

    public static void main(String[] arguments) throws Exception {
        var failures = new ArrayList<Throwable>();
        try (var watchdog = new Watchdog()) {
            var pool = new MemoryPool(64 << 20);
            new Engine(watchdog);
            var growth = new Growth(pool);
            var calls = calls(growth);
            var thread = new Thread(
                    null,
                    () -> {
                        calls.forEach(StackEnd::makeNearTheEnd);
                        calls.forEach(call -> {
                            try {
                                make(call);
                            } catch (RuntimeException | Error e) {
                                failures.add(e);
                            }
                        });
                        ended = true;
                    },
                    "deep",
                    STACK_BYTES);
            thread.start();
            thread.join();
            growth.memory.close();
            // All of the budget is there, so no block was lost on the way.
            pool.memory(new MemoryLimits(1024, 1024), 0).close();
        }
        for (var failure : failures) {
            failure.printStackTrace();
        }
        var calledLater = ended && failures.isEmpty() ? "all well" : failures.size() + " calls are broken";
        System.out.println(wrapped + " times an exception, " + calledLater);
    }

    private static List<Call> calls(Growth growth) {
        var calls = new ArrayList<Call>();
        Stream.<HostCall[]>of(WasiFunction.values(), HandlerFunction.values(), PhotonFunction.values())
                .flatMap(Stream::of)
                .forEach(function -> calls.add(() -> new TestingWasi("body", TestingGuests.LIMITS).call(function)));
        calls.add(() -> {
            var tmp = new TestingTmp(10_000);
            tmp.path(WasiFunction.PATH_CREATE_DIRECTORY, TestingTmp.TMP, "d");
            var fd = tmp.open("d/f", TestingTmp.CREATE);
            tmp.write(fd, "text");
            tmp.seek(fd, 0, 0);
            tmp.read(fd);
            tmp.writeAt(fd, "text", 5_000);
            tmp.readAt(fd, 0);
            tmp.wasi().call(WasiFunction.FD_FILESTAT_SET_SIZE, fd, 1);
            tmp.wasi().call(WasiFunction.FD_FILESTAT_SET_TIMES, fd, 0, 0, 10);
            tmp.wasi().call(WasiFunction.FD_FDSTAT_GET, fd, 0);
            tmp.twoPaths(WasiFunction.PATH_RENAME, "d/f", "g");
            tmp.twoPaths(WasiFunction.PATH_LINK, "g", "d/../h");
            tmp.list(TestingTmp.TMP, 100);
            tmp.path(WasiFunction.PATH_UNLINK_FILE, TestingTmp.TMP, "g");
            tmp.path(WasiFunction.PATH_REMOVE_DIRECTORY, TestingTmp.TMP, "d");
            tmp.wasi().call(WasiFunction.FD_RENUMBER, fd, 1);
            tmp.close(1);
            tmp.open("../x", 0);
        });
        calls.add(() -> {
            var wasi = new TestingWasi("body", TestingGuests.LIMITS);
            wasi.call(WasiFunction.ENVIRON_GET, 0, 1_000);
            wasi.call(WasiFunction.RANDOM_GET, 0, 100);
            wasi.memory().writeI32(1_008, 1);
            wasi.call(WasiFunction.POLL_ONEOFF, 1_000, 2_000, 1, 3_000);
        });
        calls.add(StackEnd::handle);
        calls.add(StackEnd::callOut);
        var scripts = new ScriptCalls(new TestingWasi("body", TestingGuests.LIMITS).run());
        SCRIPT_CALLS.forEach((name, parameters) -> calls.add(() -> scripts.call(name, parameters)));
        calls.add(growth);
        return calls;
    }

    /** A request, and all that may be done with it. */
    private static void handle() {
        var wasi = new TestingWasi("body", TestingGuests.LIMITS);
        var exchange = wasi.serve();
        var name = wasi.text("X-A");
        var length = 3;
        for (int kind = 0; kind < 2; kind++) {
            wasi.call(HandlerFunction.ADD_HEADER_VALUE, kind, name, length, name, length);
            wasi.call(HandlerFunction.SET_HEADER_VALUE, kind, name, length, name, length);
            wasi.call(HandlerFunction.GET_HEADER_VALUES, kind, name, length, 0, 100);
            wasi.call(HandlerFunction.GET_HEADER_NAMES, kind, 0, 100);
            wasi.call(HandlerFunction.WRITE_BODY, kind, name, length);
            wasi.call(HandlerFunction.READ_BODY, kind, 0, 100);
        }
        wasi.call(HandlerFunction.REMOVE_HEADER, 0, name, length);
        wasi.call(HandlerFunction.ENABLE_FEATURES, Exchange.BUFFER_RESPONSE);
        wasi.call(HandlerFunction.GET_CONFIG, 0, 100);
        wasi.call(HandlerFunction.SET_METHOD, name, length);
        wasi.call(HandlerFunction.GET_METHOD, 0, 100);
        wasi.call(HandlerFunction.SET_URI, wasi.text("/%20"), 4);
        wasi.call(HandlerFunction.GET_URI, 0, 100);
        wasi.call(HandlerFunction.SET_STATUS_CODE, 201);
        exchange.proceed();
        exchange.answer(status -> {});
    }

    private static void callOut() {
        var wasi = new TestingWasi("body", TestingGuests.LIMITS);
        var head = "POST https://a.example/\nx-a: 1\n";
        wasi.call(PhotonFunction.LOG, 0, wasi.text("line"), 4);
        wasi.call(PhotonFunction.DEADLINE);
        wasi.call(PhotonFunction.FETCH, wasi.text(head), head.length(), wasi.text("body"), 4);
        wasi.call(PhotonFunction.FETCH_HEAD, 0, 100);
        wasi.call(PhotonFunction.FETCH_BODY, 0, 100);
        wasi.call(PhotonFunction.EMIT, wasi.text("orders\nx-a: 1\n"), 14, wasi.text("data"), 4);
    }

    /** From where all goes well to where not even the call begins; both move when the JVM compiles what runs here. */
    private static void makeNearTheEnd(Call call) {
        for (int frames = depth() - FRAMES, past = 0; past < FRAMES; frames++) {
            begun = false;
            call.prepare();
            try {
                descend(frames, call);
            } catch (StackOverflowError e) {
                past += begun ? 0 : 20;
            } catch (RuntimeException e) {
                // Some libraries make one of it.
                wrapped++;
            }
        }
    }

    private static int depth() {
        reached = 0;
        try {
            descend(Integer.MAX_VALUE, () -> {});
        } catch (StackOverflowError e) {
            // So deep it is.
        }
        return reached;
    }

    private static void descend(int frames, Call call) {
        reached++;
        if (frames > 0) {
            descend(frames - 1, call);
        } else {
            begun = true;
            make(call);
        }
    }

    private static void make(Call call) {
        try {
            call.make();
        } catch (GuestExit | AnswerTooLarge | BadCall | ScriptFailed | ChicoryInterruptedException e) {
            // Ways for a call to end.
        }
    }
}
