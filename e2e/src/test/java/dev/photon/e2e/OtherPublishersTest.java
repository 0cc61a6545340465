package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publishers that share no code with us: kcat, and the CloudEvents SDK for JavaScript. */
class OtherPublishersTest {
    private static final Path CLIENT = Path.of("src/test/cloudevents");
    private static final String ECHO = """
            export default {
              async fetch(request) {
                const text = await request.text();
                return Response.json({ text, headers: Object.fromEntries(request.headers) },
                  { headers: { "ce-type": "order.echoed", "ce-subject": request.headers.get("ce-subject") ?? "none" } });
              },
            };
            """;

    @TempDir
    Path folder;

    private TestingKafka kafka;
    private PhotonTester photon;

    @BeforeEach
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        photon = PhotonTester.start(kafka.bootstrap());
        photon.newTopic("orders");
        photon.newTopic("orders.done");
        var toml =
                toml("orders", "1.0.0") + "lang = \"js\"\n[[triggers]]\ntopic = \"orders\"\noutput = \"orders.done\"\n";
        var answer = photon.deploy(ECHO.getBytes(UTF_8), toml);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @AfterEach
    void stop() throws Exception {
        photon.close();
        kafka.close();
    }

    private static boolean has(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(bin -> Files.isExecutable(Path.of(bin, program)));
    }

    private static JsonObject headers(String echoed) {
        return new JsonObject(echoed).getJsonObject("headers");
    }

    @Test
    void kcatPublishesAndReadsBack() throws Exception {
        assumeTrue(has("kcat"));
        var order = Files.writeString(folder.resolve("order"), "{\"n\":1}");

        run(
                "kcat",
                "-P",
                "-b",
                kafka.bootstrap(),
                "-t",
                "orders",
                "-k",
                "customer-1",
                "-H",
                "ce_specversion=1.0",
                "-H",
                "ce_id=e1",
                "-H",
                "ce_source=/shop",
                "-H",
                "ce_type=order.placed",
                "-H",
                "content-type=application/json",
                order.toString());

        var read = run(
                        "kcat",
                        "-C",
                        "-b",
                        kafka.bootstrap(),
                        "-t",
                        "orders.done",
                        "-o",
                        "beginning",
                        "-c",
                        "1",
                        "-q",
                        "-f",
                        "%k\n%h\n%s\n")
                .lines()
                .toList();
        assertThat(read.getFirst()).isEqualTo("customer-1");
        assertThat(read.get(1))
                .contains("ce_id=orders-0-0", "ce_source=/regions/local/fn/orders", "ce_type=order.echoed");
        assertThat(new JsonObject(read.get(2)).getString("text")).isEqualTo("{\"n\":1}");
        assertThat(headers(read.get(2)).getString("ce-id")).isEqualTo("e1");
        assertThat(headers(read.get(2)).getString("ce-type")).isEqualTo("order.placed");
    }

    @Test
    void theSdkForJavaScriptPublishesInBothModesAndReadsBack() throws Exception {
        assumeTrue(has("npm"));
        for (var file : List.of("package.json", "package-lock.json", "roundtrip.mjs")) {
            Files.copy(CLIENT.resolve(file), folder.resolve(file));
        }
        run("npm", "ci", "--no-audit", "--no-fund");

        var read = new JsonArray(run("node", "roundtrip.mjs", kafka.bootstrap(), "orders", "orders.done"));

        assertThat(read)
                .map(JsonObject.class::cast)
                .extracting(
                        event -> event.getString("type"),
                        event -> event.getString("source"),
                        event -> event.getString("subject"),
                        event -> event.getString("key"),
                        event -> new JsonObject(event.getString("data")).getString("text"),
                        event -> headers(event.getString("data")).getString("ce-id"))
                .containsExactly(
                        tuple(
                                "order.echoed",
                                "/regions/local/fn/orders",
                                "grüße",
                                "customer-1",
                                "order binary",
                                "binary"),
                        tuple(
                                "order.echoed",
                                "/regions/local/fn/orders",
                                "grüße",
                                "customer-1",
                                "order structured",
                                "structured"));
    }

    private String run(String... command) throws Exception {
        var process = new ProcessBuilder(command).directory(folder.toFile()).start();
        try {
            var error = process.errorReader(UTF_8);
            var output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output + error.readAllAsString()).isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
