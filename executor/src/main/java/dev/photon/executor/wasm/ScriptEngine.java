package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.protocol.Invocation;
import dev.photon.registry.GuestModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The state that every script starts from: an engine that has run our own scripts ({@code js/}), which make it speak
 * HTTP. Immutable and thread-safe.
 */
final class ScriptEngine {
    /** In the order in which they need each other. */
    private static final List<String> SCRIPTS = List.of(
            "host",
            "invocation",
            "headers",
            "url",
            "body",
            "fetch",
            "log",
            "timers",
            "web",
            "photoniq",
            "emit",
            "runtime");

    /** More than the base needs, so that no script's limit is in its way. */
    private static final int MAX_PAGES = 1024;

    private final MemoryImage image;
    private final Map<Step, QuickJs.Place> steps;

    /** The modules that the host runs: each calls one function of ours. */
    enum Step {
        /** Defines variables as globals. */
        PREPARE("__photon.defineVariables();"),
        /** Loads the script, whose own module ran before. */
        LOAD("__photon.load();"),
        /** Goes on with the run. */
        GO_ON("__photon.step();");

        private final String source;

        Step(String source) {
            this.source = source;
        }
    }

    private ScriptEngine(MemoryImage image, Map<Step, QuickJs.Place> steps) {
        this.image = image;
        this.steps = steps;
    }

    /** Takes some 100 ms, and more in a JVM that has just started. */
    static ScriptEngine start() {
        var host = host();
        try {
            return start(host);
        } catch (RuntimeException e) {
            throw new IllegalStateException("the JavaScript engine does not start: " + host.panic(), e);
        }
    }

    private static ScriptEngine start(ScriptHost host) {
        // An engine keeps what it compiled, so this one does nothing else.
        var compiler = QuickJs.start(host);
        var engine = QuickJs.start(host);
        engine.run(engine.store(compiler.compile("photon", scripts(), bytes -> true)));
        var steps = new EnumMap<Step, QuickJs.Place>(Step.class);
        for (var step : Step.values()) {
            var name = "photon-" + step.name().toLowerCase(Locale.ROOT);
            steps.put(step, engine.store(compiler.compile(name, step.source.getBytes(UTF_8), bytes -> true)));
        }
        rehearse();
        return new ScriptEngine(engine.image(), steps);
    }

    /** Makes every call that scripts can make, for the reason that {@link Rehearsal} has. */
    private static void rehearse() {
        var calls = calls();
        var all = Map.of(
                "log", "INFO\0",
                "random", "1",
                "sleep", "0",
                "request", "",
                "fetch", "follow\0GET\0",
                "emit", "topic\0",
                "answered", "",
                "failed", "\0\0");
        all.forEach((name, arguments) -> {
            try {
                calls.call(name, arguments);
            } catch (GuestExit | ScriptFailed e) {
                // How a script's run ends.
            }
        });
    }

    private static ScriptHost host() {
        return new ScriptHost(calls());
    }

    private static ScriptCalls calls() {
        var request = new GuestRequest(
                new Invocation.HttpHead("GET", "/", "", List.of()), new byte[0], Map.of(), "", "", "", false);
        var limits = new RunLimits(1, MAX_PAGES, 1, 0, 0, 0);
        return new ScriptCalls(new Run(GuestModule.Kind.COMMAND, request, limits, GuestLog.NONE, OutboundCalls.NONE));
    }

    /** One module: what comes from bytecode cannot import. */
    private static byte[] scripts() {
        var all = new ByteArrayOutputStream();
        for (var name : SCRIPTS) {
            try (var script = ScriptEngine.class.getResourceAsStream("js/" + name + ".js")) {
                script.transferTo(all);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all.toByteArray();
    }

    MemoryImage image() {
        return image;
    }

    QuickJs.Place place(Step step) {
        return steps.get(step);
    }
}
