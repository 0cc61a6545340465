package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.TestingScripts.failure;
import static dev.photon.executor.wasm.TestingScripts.request;
import static dev.photon.executor.wasm.TestingScripts.text;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.DURATION;

import dev.photon.executor.outbound.Cause;
import dev.photon.executor.outbound.OutboundClient;
import dev.photon.executor.outbound.OutboundPolicy;
import dev.photon.executor.outbound.OutboundResult;
import dev.photon.registry.Manifest;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptLimitsTest {
    private static final RunLimits SHORT = new RunLimits(300, 400, 1000, 100, 10, 0);

    private final TestingScripts scripts = new TestingScripts();
    private final TestingGuests guests = new TestingGuests(TestingScripts.memories());
    private TestingNeighbour neighbour;

    /** Of the scripts' memory, too. */
    @BeforeEach
    void startNeighbour() throws Exception {
        neighbour = new TestingNeighbour(guests);
    }

    @AfterEach
    void neighbourWasAlwaysRight() {
        try (scripts;
                guests) {
            neighbour.close();
        }
    }

    /** The last one is in the loader. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "export default { fetch() { while (true); } };",
                "export default { async fetch() { while (true) await null; } };",
                "export default { fetch: () => new Promise(() => setInterval(() => {}, 1)) };",
                "export default { fetch: () => new Promise((resolve) => setTimeout(resolve, 60_000)) };",
                "export default { fetch: () => /^(a+)+$/.exec('a'.repeat(40) + 'b') };",
                "while (true);"
            })
    void stopsWhatNeverEndsAndGoesOn(String source) {
        var script = scripts.load(source);

        var outcome = scripts.start(script, request(""), SHORT).join();

        assertThat(failure(outcome)).startsWith("TIMEOUT");
        assertThat(scripts.answer("return new Response('fine');")).isEqualTo("fine");
    }

    @Test
    void allows2000NestedCalls() {
        assertThat(scripts.value("(function f(n) { return n === 0 ? 0 : 1 + f(n - 1); })(2000)"))
                .isEqualTo("2000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(function f() { return 1 + f(); })()",
                "JSON.stringify((function f(n) { return n === 0 ? 0 : [f(n - 1)]; })(1e6))",
                "JSON.parse('['.repeat(1e6))",
                "new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).exec('')"
            })
    void survivesDeepRecursion(String expression) {
        var outcome = scripts.run("export default { fetch() { return Response.json(" + expression + "); } };");

        assertThat(failure(outcome)).startsWith("FUNCTION_FAILED").doesNotContain("out of bounds");
        assertThat(scripts.answer("return new Response('fine');")).isEqualTo("fine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "const all = []; while (true) all.push(new Uint8Array(100_000).fill(1));",
                "let text = 'x'; while (true) text += text;",
                "new ArrayBuffer(2 ** 31)"
            })
    void refusesMoreMemoryThanItsLimit(String code) {
        var outcome = scripts.run("export default { fetch() { " + code + " } };");

        assertThat(failure(outcome)).startsWith("FUNCTION_FAILED");
        assertThat(scripts.answer("return new Response('fine');")).isEqualTo("fine");
    }

    @Test
    void refusesAnAnswerThatIsTooLarge() {
        var script = scripts.load("export default { fetch: () => new Response('x'.repeat(10_000)) };");

        assertThat(failure(scripts.start(script, request(""), SHORT).join())).startsWith("ANSWER_TOO_LARGE");
    }

    @Test
    void keepsTheBeginOfAnEndlessLog() {
        var script = scripts.load("""
            export default { fetch() { for (let i = 0; i < 1000; i++) log.info("0123456789"); return new Response(); } };
            """);

        scripts.start(script, request(""), SHORT).join();

        assertThat(scripts.log().lines()).hasSize(10);
    }

    @Test
    void boundsWhatATopLevelLogs() {
        var script = scripts.load("""
            for (let i = 0; i < 100; i++) log.info("x".repeat(1e6));
            export default { fetch: () => new Response() };
            """);

        scripts.start(script, request(""), SHORT).join();

        assertThat(String.join("", scripts.log().lines())).hasSizeLessThan(200);
    }

    @Test
    void cutsTheMessageOfAFailure() {
        var outcome = scripts.run("export default { fetch() { throw new Error('x'.repeat(1e7)); } };");

        assertThat(failure(outcome)).startsWith("FUNCTION_FAILED").hasSizeLessThan(3_000);
    }

    @Test
    void aCallToOthersEndsBeforeTheRunDoes() {
        var timeouts = new ArrayList<Duration>();
        scripts.outbound((request, timeout) -> {
            timeouts.add(timeout);
            return new OutboundResult.Failure(OutboundResult.Kind.TIMED_OUT, "late");
        });

        var answer = scripts.answer("return fetch('https://a.example/').catch((e) => new Response(e.message));");

        assertThat(answer).isEqualTo("fetch https://a.example/: late");
        assertThat(timeouts)
                .singleElement(as(DURATION))
                .isPositive()
                .isLessThanOrEqualTo(Duration.ofMillis(TestingScripts.LIMITS.runMillis() * 9 / 10));
    }

    @Test
    void endsAStormOfCallsToOthersAtItsLimit() {
        var vertx = Vertx.vertx();
        try (var client = new OutboundClient(vertx, List.of())) {
            var cause = new Cause("storm", Optional.empty());
            scripts.outbound(client.calls(OutboundPolicy.of(Manifest.Outbound.NONE), 10, 1_000, cause));

            var answer = scripts.answer("""
                const failures = [];
                for (let i = 0; i < 100; i++) await fetch("https://a.example/").catch((e) => failures.push(e.message));
                return Response.json(["made all the calls it may", "not allowed"]
                  .map((reason) => failures.filter((failure) => failure.includes(reason)).length));
                """);

            assertThat(answer).isEqualTo("[90,10]");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void showsARunNothingOfAnother() {
        var script = scripts.load("""
            const seen = [];
            export default { async fetch(request, env) {
              const before = JSON.stringify([seen, globalThis.planted, Object.keys(Array.prototype), env.SECRET]);
              seen.push(await request.text());
              globalThis.planted = env.SECRET;
              Array.prototype.planted = env.SECRET;
              return new Response(before);
            } };
            """);
        scripts.run(script, request(Map.of("SECRET", "first-secret"), "first body"));

        var second = scripts.run(script, request(Map.of("SECRET", "second"), ""));

        assertThat(text(second)).isEqualTo("[[],null,[],\"second\"]");
    }

    @Test
    void drawsOtherRandomNumbersInEachRun() {
        var script = scripts.load("""
            export default { fetch: () =>
              new Response([Math.random(), crypto.randomUUID(), crypto.getRandomValues(new Uint32Array(2))].join()) };
            """);

        var drawn = IntStream.range(0, 20)
                .mapToObj(i -> text(scripts.run(script, request(""))))
                .toList();

        assertThat(new HashSet<>(drawn)).hasSize(20);
    }

    @Test
    void runsATopLevelThatIsDifferentEachTimeInEachRun() {
        var script = scripts.load("""
            const id = crypto.randomUUID();
            log.info("loaded");
            export default { fetch: () => new Response(id) };
            """);

        var ids = IntStream.range(0, 3)
                .mapToObj(i -> text(scripts.run(script, request(""))))
                .toList();

        assertThat(new HashSet<>(ids)).hasSize(3);
        assertThat(scripts.log().lines()).hasSize(3);
    }

    @Test
    void runsAnyOtherTopLevelOnce() {
        var script = scripts.load("""
            log.info("loaded");
            export default { fetch: () => new Response() };
            """);

        IntStream.range(0, 3).forEach(i -> scripts.run(script, request("")));

        assertThat(scripts.log().lines()).containsExactly("INFO loaded");
    }

    @Test
    void knowsWhatTimeItIsInEachRun() {
        var script = scripts.load("export default { fetch: () => new Response(String(Date.now())) };");
        var first = Long.parseLong(text(scripts.run(script, request(""))));

        assertThat(first).isCloseTo(System.currentTimeMillis(), Offset.offset(60_000L));
        assertThat(Long.parseLong(text(scripts.run(script, request(""))))).isGreaterThanOrEqualTo(first);
    }

    @Test
    void answersAThousandRequestsOnSeveralThreads() {
        var script = scripts.load("""
            let count = 0;
            export default { async fetch(request) { return new Response(await request.text() + " " + ++count); } };
            """);
        var runs = new ArrayList<CompletableFuture<String>>();

        for (int i = 0; i < 1000; i++) {
            runs.add(scripts.start(script, request("body " + i), TestingScripts.LIMITS)
                    .thenApply(TestingScripts::text));
        }

        for (int i = 0; i < 1000; i++) {
            assertThat(runs.get(i).join()).isEqualTo("body " + i + " 1");
        }
    }
}
