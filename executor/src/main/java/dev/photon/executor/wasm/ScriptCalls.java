package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import dev.photon.executor.outbound.OutboundRequest;
import dev.photon.executor.outbound.OutboundResult;
import dev.photon.protocol.Emission;
import dev.photon.protocol.Header;
import dev.photon.protocol.LogLevel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What the scripts of {@code js/} ask the host. Arguments and answers are texts with NULs between them; bytes come in
 * as what the engine wrote to its standard output before, and go out by its standard input. Confined to the run's
 * thread.
 */
final class ScriptCalls {
    private static final String SEPARATOR = "\0";
    private static final byte[] NOTHING = {};
    /** A snapshot may be taken after them. */
    private static final Set<String> SAME_IN_EACH_RUN = Set.of("variables", "file", "log", "loaded", "failed");

    /** What a line that is held takes beside its characters, of two bytes each. */
    private static final int LINE_BYTES = 96;

    private static final int MAX_RANDOM = 64 << 10;

    private final Run run;
    private final String file;
    private final List<Line> held = new ArrayList<>();
    private int heldCharacters;
    private boolean loading;
    private boolean loaded;
    /** What the next "content" gives: a body. */
    private byte[] content = NOTHING;
    /** What the engine reads. */
    private byte[] input = NOTHING;

    private int position;

    ScriptCalls(Run run) {
        this.run = run;
        this.file = file(run);
    }

    /** What a run's script is called in stack traces. */
    static String file(Run run) {
        return run.request().function() + ".js";
    }

    private record Line(LogLevel level, String text) {}

    Run run() {
        return run;
    }

    /** The script's name in stack traces. */
    String file() {
        return file;
    }

    /** From now until {@link #loaded}, calls whose result is another one in each run end in {@link ImpureScript}. */
    void beginLoading() {
        loading = true;
    }

    boolean loaded() {
        return loaded;
    }

    void mustRun() {
        if (loading) {
            throw new ImpureScript();
        }
    }

    /** Does what a script asks. What there is to answer is read afterwards. */
    void call(String name, String arguments) {
        if (!SAME_IN_EACH_RUN.contains(name)) {
            mustRun();
        }
        input = switch (name) {
            case "variables" -> texts(run.request().env().keySet());
            case "file" -> texts(List.of(file));
            case "log" -> log(arguments);
            case "loaded" -> endLoading();
            case "request" -> texts(request());
            case "content" -> content;
            case "random" -> Entropy.bytes(Math.clamp(Integer.parseInt(arguments), 0, MAX_RANDOM));
            case "sleep" -> sleep(Long.parseLong(arguments));
            case "fetch" -> texts(fetch(arguments));
            case "emit" -> texts(emit(arguments));
            case "answering" -> answering();
            case "answered" -> throw new GuestExit(0);
            case "failed" -> throw failed(arguments.split(SEPARATOR, 3));
            default -> throw new IllegalArgumentException(name);
        };
        position = 0;
    }

    private static byte[] texts(Collection<String> texts) {
        return String.join(SEPARATOR, texts).getBytes(UTF_8);
    }

    /** The next of what was given to the engine. WASI's {@code fd_read}, of a descriptor that the engine cannot choose. */
    int read(LinearMemory memory, long[] a) {
        var read = 0;
        for (int i = 0; i < (int) a[2] && position < input.length; i++) {
            var vector = (int) a[1] + 8 * i;
            var taken = (int) Math.min(Integer.toUnsignedLong(memory.readInt(vector + 4)), input.length - position);
            memory.write(memory.readInt(vector), input, position, taken);
            position += taken;
            read += taken;
        }
        memory.writeI32((int) a[3], read);
        return Errno.SUCCESS;
    }

    private List<String> request() {
        var request = run.request();
        var texts = new ArrayList<>(List.of(
                request.http().method(),
                request.http().path(),
                request.http().query(),
                request.function(),
                request.version(),
                request.invocationId(),
                Integer.toString(request.body().length),
                Integer.toString(request.env().size())));
        request.env().forEach((name, value) -> texts.addAll(List.of(name, value)));
        request.http().headers().forEach(header -> texts.addAll(List.of(header.name(), header.value())));
        content = request.body();
        return texts;
    }

    /** What a top level logs while it is loaded may yet have to be logged by each run instead. */
    private byte[] log(String arguments) {
        var level = arguments.indexOf(SEPARATOR);
        var line = new Line(LogLevel.valueOf(arguments.substring(0, level)), arguments.substring(level + 1));
        if (!loading) {
            run.log(line.level(), line.text());
        } else if (heldCharacters < run.limits().logBytes()
                && run.takeBeside(LINE_BYTES + 2L * line.text().length())) {
            heldCharacters += line.text().length() + 1;
            held.add(line);
        }
        return NOTHING;
    }

    private byte[] endLoading() {
        loading = false;
        loaded = true;
        return NOTHING;
    }

    /** Of a top level that runs start behind, so that none of them logs that. */
    void logHeld() {
        held.forEach(line -> run.log(line.level(), line.text()));
        held.clear();
    }

    private static byte[] sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            return NOTHING;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChicoryInterruptedException(e);
        }
    }

    /**
     * @param arguments mode of redirects, method, URL, then names and values of headers
     */
    private List<String> fetch(String arguments) {
        if (arguments.length() > Fetches.MAX_HEAD) {
            return List.of("failed", "the header of the request is too large");
        }
        var request = arguments.split(SEPARATOR, -1);
        var headers = new ArrayList<Header>();
        for (int i = 3; i + 1 < request.length; i += 2) {
            headers.add(new Header(request[i], request[i + 1]));
        }
        var redirects = OutboundRequest.Redirects.valueOf(request[0].toUpperCase(Locale.ROOT));
        var body = run.answer().take();
        content = NOTHING;
        var call = new OutboundRequest(request[1], request[2], headers, body, redirects);
        return switch (run.fetches().sent(call, run.leftMillis())) {
            case OutboundResult.Response answer -> answered(answer);
            case OutboundResult.Failure failure -> List.of("failed", failure.reason());
        };
    }

    private List<String> answered(OutboundResult.Response answer) {
        content = answer.body();
        var texts = new ArrayList<>(List.of(
                "answered", Integer.toString(answer.status()), answer.url(), Integer.toString(answer.body().length)));
        answer.headers().forEach(header -> texts.addAll(List.of(header.name(), header.value())));
        return texts;
    }

    /**
     * @param arguments topic, then names and values of fields
     */
    private List<String> emit(String arguments) {
        if (arguments.length() > Fetches.MAX_HEAD) {
            return List.of("refused", "its head is too large");
        }
        var event = arguments.split(SEPARATOR, -1);
        var fields = new ArrayList<Header>();
        for (int i = 1; i + 1 < event.length; i += 2) {
            fields.add(new Header(event[i], event[i + 1]));
        }
        return run.emissions()
                .take(new Emission(event[0], fields, run.answer().take()))
                .map(refusal -> List.of("refused", refusal.reason()))
                .orElse(List.of("held"));
    }

    /** What is written from here on is no request to others. */
    private byte[] answering() {
        run.answer().makePassable();
        return NOTHING;
    }

    private ScriptFailed failed(String[] messagePlaceStack) {
        var place = messagePlaceStack[1];
        if (!messagePlaceStack[2].isBlank()) {
            run.log(LogLevel.ERROR, messagePlaceStack[0] + "\n" + messagePlaceStack[2].stripTrailing());
        }
        return new ScriptFailed(place.isEmpty() ? messagePlaceStack[0] : place + ": " + messagePlaceStack[0]);
    }
}
