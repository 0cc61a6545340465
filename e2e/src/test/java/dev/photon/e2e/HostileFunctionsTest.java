package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.cli.Role;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A walk over HTTP: functions that want more than they may have, while a light one is called all the time. */
class HostileFunctionsTest {
    /** Enough to fail in otherwise, on a machine that does more besides. */
    private static final int PATIENCE_MILLIS = 20_000;

    /** Guest, status and kind of the problem that each call of it ends with. */
    private static final List<String[]> HOSTILE = List.of(
            new String[] {"loop", "504", "timeout"},
            new String[] {"start-loop", "504", "timeout"},
            new String[] {"initialize-loop", "504", "timeout"},
            new String[] {"handler-loop", "504", "timeout"},
            new String[] {"sleep", "504", "timeout"},
            new String[] {"endless-log", "504", "timeout"},
            new String[] {"recurse", "502", "function-failed"},
            new String[] {"recurse-mutual", "502", "function-failed"},
            new String[] {"recurse-indirect", "502", "function-failed"},
            new String[] {"recurse-grow", "502", "function-failed"},
            new String[] {"touch-all", "502", "function-failed"},
            new String[] {"table-grow", "502", "function-failed"},
            new String[] {"big-answer", "502", "answer-too-large"},
            new String[] {"gigabyte-answer", "502", "answer-too-large"});

    /** Handler, status and kind of the problem that its call ends with. */
    private static final Map<String, String[]> SCRIPTS = Map.of(
            "while (true);", new String[] {"504", "timeout"},
            "while (true) console.log('x');", new String[] {"504", "timeout"},
            "return new Promise((resolve) => setTimeout(resolve, 60_000));", new String[] {"504", "timeout"},
            "return (function f() { return 1 + f(); })();", new String[] {"502", "function-failed"},
            "for (const all = []; ; ) all.push(new Uint8Array(100_000).fill(1));",
                    new String[] {"502", "function-failed"});

    @Test
    void hurtNobodyButThemselves() throws Exception {
        var caps = Map.of("PHOTON_MAX_CONCURRENCY", "2", "PHOTON_MAX_MEMORY", Integer.toString(8 << 20));
        try (var kafka = TestingKafka.embedded();
                var photon = PhotonTester.start(kafka.bootstrap(), EnumSet.allOf(Role.class), caps)) {
            photon.deployGuest("echo");
            photon.deployGuest("memory-bomb");
            photon.deployGuest("vault");
            for (var hostile : HOSTILE) {
                photon.deployGuest(hostile[0], limits(hostile[2]));
            }
            var done = new AtomicBoolean();
            var light = CompletableFuture.supplyAsync(() -> callEcho(photon, done));

            for (var hostile : HOSTILE) {
                callTogether(photon, hostile[0], 3).forEach(answer -> {
                    assertThat(answer.body()).contains("urn:photon:error:" + hostile[2]);
                    assertThat(answer.statusCode()).isEqualTo(Integer.parseInt(hostile[1]));
                });
            }
            callScripts(photon);
            // The server's cap counts where photoniq.toml says nothing: 128 pages.
            assertThat(photon.get("/fn/memory-bomb").body()).endsWith("128");
            findsNoSecret(photon);

            done.set(true);
            assertThat(light.join()).isPositive();
        }
    }

    private static String limits(String kind) {
        var millis = kind.equals("timeout") ? 1000 : PATIENCE_MILLIS;
        return "[runtime]\ntimeout_ms = %d\nmax_answer = \"900k\"\n".formatted(millis);
    }

    /** More at once than may run: the others wait for their turn, within their deadline. */
    private static List<HttpResponse<String>> callTogether(PhotonTester photon, String name, int calls) {
        var started = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < calls; i++) {
            started.add(photon.http()
                    .sendAsync(
                            HttpRequest.newBuilder(photon.url("/fn/" + name)).build(),
                            HttpResponse.BodyHandlers.ofString()));
        }
        return started.stream().map(CompletableFuture::join).toList();
    }

    /** All at once: most of them take all of their time. */
    private static void callScripts(PhotonTester photon) throws Exception {
        var calls = new HashMap<String, CompletableFuture<HttpResponse<String>>>();
        for (var handler : SCRIPTS.keySet()) {
            var name = "script-" + calls.size();
            var source = "export default { async fetch() { %s } };".formatted(handler);
            var toml = toml(name, "1.0.0") + "lang = \"js\"\n" + limits(SCRIPTS.get(handler)[1]);
            assertThat(photon.deploy(source.getBytes(UTF_8), toml).statusCode()).isEqualTo(200);
            calls.put(
                    handler,
                    photon.http()
                            .sendAsync(
                                    HttpRequest.newBuilder(photon.url("/fn/" + name))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString()));
        }
        SCRIPTS.forEach((handler, problem) -> {
            var answer = calls.get(handler).join();
            assertThat(answer.body()).as(handler).contains("urn:photon:error:" + problem[1]);
            assertThat(answer.statusCode()).as(handler).isEqualTo(Integer.parseInt(problem[0]));
        });
    }

    private static void findsNoSecret(PhotonTester photon) throws Exception {
        photon.deploy(guest("vault"), toml("thief", "1.0.0"));
        for (int i = 0; i < 3; i++) {
            assertThat(photon.post("/fn/vault", "plant").body()).isEqualTo("planted\n");
            assertThat(photon.post("/fn/vault", "search").body()).isEqualTo("found 0\n");
            assertThat(photon.post("/fn/thief", "search").body()).isEqualTo("found 0\n");
        }
    }

    /** How often it was called. */
    private static int callEcho(PhotonTester photon, AtomicBoolean done) {
        var calls = 0;
        var wrong = new ArrayList<String>();
        while (!done.get()) {
            try {
                var body = "call " + ++calls;
                var answer = photon.post("/fn/echo", body).body();
                if (!answer.equals(body)) {
                    wrong.add(answer);
                }
            } catch (Exception e) {
                wrong.add(e.toString());
            }
        }
        assertThat(wrong).isEmpty();
        return calls;
    }
}
