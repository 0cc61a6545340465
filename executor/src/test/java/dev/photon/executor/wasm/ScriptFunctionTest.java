package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.TestingScripts.failure;
import static dev.photon.executor.wasm.TestingScripts.request;
import static dev.photon.executor.wasm.TestingScripts.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.Memory;
import dev.photon.executor.outbound.OutboundRequest;
import dev.photon.executor.outbound.OutboundResult;
import dev.photon.protocol.Emission;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptFunctionTest {
    private static final int ENGINE_PAGES = 24;
    private static final long ENGINE_BYTES = (long) ENGINE_PAGES * Memory.PAGE_SIZE;

    private final TestingScripts scripts = new TestingScripts();

    @AfterEach
    void close() {
        scripts.close();
    }

    @Test
    void answersWithTheResponseOfTheExportedHandler() {
        var outcome = scripts.run("""
                export default {
                  fetch(request) {
                    return new Response(`${request.method} ${request.url}`, { status: 201, headers: { "X-Tea": "oolong" } });
                  },
                };
                """);

        assertThat(outcome).isInstanceOfSatisfying(Reply.Answer.class, answer -> {
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.headers())
                    .contains(new Header("x-tea", "oolong"), new Header("content-type", "text/plain;charset=UTF-8"));
        });
        assertThat(text(outcome)).isEqualTo("POST http://localhost/a%20b?q=1&r=%20");
    }

    @Test
    void answersWithWhatAListenerRespondsWith() {
        var script = scripts.load("""
                addEventListener("handler", async (event) => {
                  const { name } = await event.request.json();
                  if (event.request.method === HttpMethod.POST) {
                    event.respondWith(
                      new HttpResponseBuilder().status(202).header("x-a", "1").header("x-a", "2").body(`Hi ${name}`).build());
                  }
                });
                """);

        var outcome = scripts.run(script, request("{\"name\":\"Ağça\"}"));

        assertThat(text(outcome)).isEqualTo("Hi Ağça");
        assertThat(outcome).isInstanceOfSatisfying(Reply.Answer.class, answer -> {
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.headers()).contains(new Header("x-a", "1, 2"));
        });
    }

    @Test
    void givesTheHandlerItsRequest() {
        var script = scripts.load("""
                addEventListener("handler", (event) => {
                  const { path, query, headers, url } = event.request;
                  event.respondWith(Response.json({ path, query, url, x: headers.get("X-Photon"), all: [...headers.keys()] }));
                });
                """);

        var outcome = scripts.run(
                script,
                request(
                        "",
                        new Header("host", "example.org:81"),
                        new Header("x-photon", "a"),
                        new Header("x-photon", "b"),
                        new Header("x-forwarded-proto", "https")));

        assertThat(text(outcome)).isEqualTo("""
                {"path":"/a%20b","query":"q=1&r=%20","url":"https://example.org:81/a%20b?q=1&r=%20","x":"a, b",\
                "all":["host","x-forwarded-proto","x-photon"]}""");
    }

    @Test
    void passesBinaryBodiesThroughUntouched() {
        var bytes = new byte[100_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        var script = scripts.load("""
                export default { async fetch(request) {
                  const bytes = new Uint8Array(await request.arrayBuffer());
                  return new Response(bytes.reverse());
                } };
                """);

        var outcome = scripts.run(script, request(Map.of(), bytes));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Reply.Answer.class,
                        answer -> assertThat(answer.body())
                                .hasSameSizeAs(bytes)
                                .startsWith(bytes[bytes.length - 1], bytes[bytes.length - 2])
                                .endsWith(bytes[1], bytes[0]));
    }

    @Test
    void offersVariablesAsGlobalsAndAsEnvironment() {
        var script = scripts.load("""
                export default { fetch: (request, env) => Response.json([GREETING, env.GREETING, env.Date, typeof Date]) };
                """);

        var outcome = scripts.run(script, request(Map.of("GREETING", "Hi", "Date", "never"), ""));

        assertThat(text(outcome)).isEqualTo("[\"Hi\",\"Hi\",\"never\",\"function\"]");
    }

    @Test
    void givesTheTopLevelTheVariablesOfTheRun() {
        var script = scripts.load("""
                const greeting = GREETING.toUpperCase();
                export default { fetch: () => new Response(greeting) };
                """);

        var outcomes = List.of("hi", "hello").stream()
                .map(greeting -> text(scripts.run(script, request(Map.of("GREETING", greeting), ""))))
                .toList();

        assertThat(outcomes).containsExactly("HI", "HELLO");
    }

    @Test
    void waitsForTimersInTheOrderInWhichTheyAreDue() {
        assertThat(scripts.answer("""
                const order = [];
                await new Promise((resolve) => {
                  setTimeout(() => { order.push("late"); resolve(); }, 20);
                  setTimeout((text) => order.push(text), 1, "early");
                  const cleared = setTimeout(() => order.push("never"), 5);
                  clearTimeout(cleared);
                  queueMicrotask(() => order.push("first"));
                });
                return new Response(order.join(" "));
                """)).isEqualTo("first early late");
    }

    @Test
    void waitsForWhatTheHandlerLeavesBehind() {
        assertThat(scripts.answer("""
                ctx.waitUntil(new Promise((resolve) => setTimeout(resolve, 5)).then(() => log.info("done")));
                return new Response("answer");
                """)).isEqualTo("answer");
        assertThat(scripts.log().lines()).containsExactly("INFO done");
    }

    @Test
    void logsWithTheLevelThatIsNamed() {
        scripts.answer("""
                log.error("a"); log.warn("b", 1); log.debug({ c: [null, "d"] }); log.trace(new Map([["e", 2n]]));
                console.log("f\\ng"); console.error("h");
                return new Response();
                """);

        assertThat(scripts.log().lines())
                .containsExactly(
                        "ERROR a",
                        "WARN b 1",
                        "DEBUG {c: [null, \"d\"]}",
                        "TRACE Map {\"e\" => 2n}",
                        "INFO f\ng",
                        "ERROR h");
    }

    @Test
    void tellsAScriptWhereItIs() {
        var outcome = scripts.run("""
                function where() {
                  return file_function_line();
                }
                export default { fetch: () => new Response(file_line() + " " + where()) };
                """);

        assertThat(text(outcome)).isEqualTo("greeting.js:4 greeting.js:where:2");
    }

    @Test
    void callsOthersThroughTheHost() {
        var sent = new ArrayList<OutboundRequest>();
        scripts.outbound((request, timeout) -> {
            sent.add(request);
            return new OutboundResult.Response(
                    203, "https://api.example/final", List.of(new Header("x-b", "2")), request.body());
        });

        var answer = scripts.answer("""
                const one = await fetch("https://api.example/a?b=ü", { method: "put", headers: { "X-A": "1" }, body: "ä\\0" });
                const two = await new HttpRequestBuilder("https://api.example").method(HttpMethod.POST)
                  .header("x-c", "3").body({ d: 4 }).build().send();
                return Response.json([one.status, one.ok, one.url, one.headers.get("x-b"), await one.text(), await two.json()]);
                """);

        assertThat(answer).isEqualTo("[203,true,\"https://api.example/final\",\"2\",\"ä\\u0000\",{\"d\":4}]");
        assertThat(sent).extracting(OutboundRequest::method).containsExactly("PUT", "POST");
        assertThat(sent)
                .extracting(OutboundRequest::url)
                .containsExactly("https://api.example/a?b=%C3%BC", "https://api.example/");
        assertThat(sent.getFirst().headers())
                .containsExactly(new Header("content-type", "text/plain;charset=UTF-8"), new Header("x-a", "1"));
    }

    @Test
    void publishesEventsThroughTheHost() {
        var events = new TestingEvents();
        scripts.events(events);

        var answer = scripts.answer("""
                photon.emit("a", { n: 1 }, { type: "t", key: 7, time: new Date(0), subject: "ü", dropped: undefined });
                photon.emit("b", "text", { contentType: "text/csv" });
                photon.emit("c", new Uint8Array([0, 255]));
                photon.emit("d");
                return Response.json(["a\\0", "photon.events"].map((topic) => {
                  try { photon.emit(topic, () => {}); } catch (error) { return error.message; }
                }));
                """);

        assertThat(answer).isEqualTo("[\"an event's data is no function\",\"an event's data is no function\"]");
        assertThat(events.taken()).extracting(Emission::topic).containsExactly("a", "b", "c", "d");
        assertThat(events.taken().getFirst().fields())
                .containsExactly(
                        new Header("content-type", "application/json"),
                        new Header("kafka-key", "7"),
                        new Header("ce-type", "t"),
                        new Header("ce-time", "1970-01-01T00:00:00.000Z"),
                        new Header("ce-subject", "ü"));
        assertThat(events.taken().get(1).fields()).containsExactly(new Header("content-type", "text/csv"));
        assertThat(events.taken().get(2).fields()).isEmpty();
        assertThat(events.taken().get(2).data()).containsExactly(0, 255);
        assertThat(events.taken().get(3).data()).isEmpty();
        assertThat(events.published()).isEqualTo(1);
    }

    @Test
    void aScriptThatFailsPublishesNothing() {
        var events = new TestingEvents();
        scripts.events(events);

        var outcome = scripts.run("""
                export default { fetch() { photon.emit("a", "b"); throw new Error("no"); } };
                """);

        assertThat(outcome).isInstanceOf(Reply.Failure.class);
        assertThat(events.taken()).hasSize(1);
        assertThat(events.published()).isZero();
    }

    @Test
    void tellsAScriptWhyAnEventIsRefused() {
        scripts.events(new TestingEvents().refusing(EventSink.Refusal.Kind.TOO_MANY, "because"));

        assertThat(scripts.answer("""
                try { photon.emit("a", "b"); } catch (error) { return new Response(`${error.name} ${error.message}`); }
                """)).isEqualTo("TypeError emit a: because");
    }

    @Test
    void aRunFailsWhenItsEventsCannotBePublished() {
        scripts.events(new TestingEvents().losing("the reason"));

        var outcome = scripts.run("""
                export default { fetch() { photon.emit("a", "b"); return new Response("c"); } };
                """);

        assertThat(outcome).isEqualTo(new Reply.Failure(ErrorKind.UNAVAILABLE, "the reason"));
    }

    @Test
    void tellsAScriptWhyACallFailed() {
        assertThat(scripts.answer("""
                return fetch("http://intern.example/").catch((error) => new Response(`${error.name} ${error.message}`));
                """))
                .isEqualTo("TypeError fetch http://intern.example/: there are no calls to others here");
    }

    @Test
    void saysWhereTheHandlerFailed() {
        var outcome = scripts.run("""
                function greet(body) {
                  return body.name.first;
                }
                export default { fetch: () => greet({}) };
                """);

        assertThat(failure(outcome))
                .isEqualTo("FUNCTION_FAILED greeting.js:2: TypeError: cannot read property 'first' of undefined");
        assertThat(scripts.log().lines()).hasSize(1).first().asString().contains("at greet (greeting.js:2:");
    }

    @Test
    void saysWhereAScriptDoesNotParse() {
        var outcome = scripts.run("let a = 1;\nlet b = {;\n");

        assertThat(failure(outcome)).isEqualTo("FUNCTION_FAILED greeting.js:2: invalid property name");
    }

    @Test
    void saysWhereTheTopLevelFailed() {
        var outcome = scripts.run("const a = null;\n\na.b();\n");

        assertThat(failure(outcome)).isEqualTo("FUNCTION_FAILED greeting.js:3: cannot read property 'b' of null");
    }

    /** None holds an engine while it waits for another one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void runsWhereMemoryFitsAsManyEnginesAsRuns(int runs) {
        var memories = new MemoryPool(runs * ENGINE_BYTES);
        var limits = new RunLimits(10_000, ENGINE_PAGES, 1 << 20, 64 << 10, 10, 0);
        try (var watchdog = new Watchdog()) {
            var script =
                    TestingScripts.load("export default { fetch: () => new Response('fine') };", watchdog, memories);

            var outcomes = Stream.generate(() -> scripts.start(script, request(""), limits))
                    .limit(runs)
                    .toList();

            assertThat(outcomes)
                    .allSatisfy(outcome -> assertThat(text(outcome.join())).isEqualTo("fine"));
        }
        assertThat(memories.reserve(runs * ENGINE_PAGES, 0)).isTrue();
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(failure(scripts.run("const a = 1;"))).contains("the script has no handler");
        assertThat(failure(scripts.run("addEventListener('handler', () => {});")))
                .isEqualTo("FUNCTION_FAILED the handler did not call event.respondWith");
        assertThat(failure(scripts.run("export default { fetch: () => new Promise(() => {}) };")))
                .isEqualTo("FUNCTION_FAILED the handler waits for something that never happens");
        assertThat(failure(scripts.run("await new Promise(() => {});")))
                .isEqualTo("FUNCTION_FAILED the script's top level waits for something that never happens");
        assertThat(failure(scripts.run("export default { fetch: () => 'text' };")))
                .isEqualTo(
                        "FUNCTION_FAILED the handler answered with a value of the type string instead of a response");
        assertThat(failure(scripts.run("import x from 'left-pad';"))).contains("left-pad");
    }

    @Test
    void failsForWhateverIsThrown() {
        assertThat(failure(scripts.run("export default { fetch() { throw 'tea'; } };")))
                .isEqualTo("FUNCTION_FAILED uncaught tea");
        assertThat(failure(scripts.run("""
                export default { fetch: () => new Promise(() => {
                  setTimeout(() => null.x, 1);
                }) };
                """)))
                .isEqualTo("FUNCTION_FAILED greeting.js:2: TypeError: cannot read property 'x' of null");
        assertThat(failure(scripts.run("throw 'tea';"))).isEqualTo("FUNCTION_FAILED tea");
    }
}
