package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Answers of up to 100 MB, through a broker with default limits and processes with little more heap than one of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeAnswerTest {
    private static final int MOST = 100_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String SCRIPT = """
            export default {
              async fetch(request) {
                return new Response("é".repeat(Number(await request.text())), { headers: { "x-from": "script" } });
              },
            };
            """;

    @TempDir
    static Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private TestingKafka kafka;
    private PhotonTester deployer;
    private ChildProcess ingress;
    private ChildProcess executor;

    @BeforeAll
    void start() throws Exception {
        kafka = TestingKafka.either();
        deployer = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.REGISTRY, Role.INGRESS), Map.of());
        ingress = role("ingress", "--port", "0");
        executor = role("executor");
        for (var name : List.of("echo", "flood", "handler-flood")) {
            // Time for machines that are slow, or busy with something else.
            deployer.deployGuest(name, "[runtime]\ntimeout_ms = 120000\n");
        }
        deployer.deploy(guest("flood"), toml("bounded", "1.0.0") + "[runtime]\nmax_answer = \"3M\"\n");
        deployer.deploy(guest("flood"), toml("brief", "1.0.0") + "[runtime]\ntimeout_ms = 1500\n");
        deployer.deploy(SCRIPT.getBytes(UTF_8), toml("script", "1.0.0") + "lang = \"js\"\n");
        await().atMost(PATIENCE).until(() -> call("script", "1").statusCode() == 200);
    }

    @AfterAll
    void stop() throws Exception {
        http.close();
        for (var role : List.of(ingress, executor)) {
            role.stop();
            role.close();
        }
        deployer.close();
        kafka.close();
    }

    private ChildProcess role(String... arguments) throws IOException {
        var environment = new HashMap<String, String>();
        environment.put("FAAS_JAVA_OPTIONS", ""); // so many bytes are worth the better compiler
        environment.put("JDK_JAVA_OPTIONS", "-Xmx128m");
        environment.put("PHOTON_BOOTSTRAP", kafka.bootstrap());
        environment.put("PHOTON_PARTITIONS", "4");
        // Those that do not read are to be waited for, here, as long as it takes.
        environment.put("PHOTON_CLIENT_MS", "600000");
        environment.put("PHOTON_CACHE", folder.resolve("cache-" + arguments[0]).toString());
        return ChildProcess.faas(environment, arguments);
    }

    @Test
    void arriveWholeTwoAtOnceWithLessMemoryThanTheyHave() throws Exception {
        var calls = List.of(floods("flood", MOST), floods("flood", MOST + 1));

        for (var call : calls) {
            assertThat(call.join()).isTrue();
        }
    }

    @Test
    void haveTheSameBytesAroundTheSizeOfARecord() throws Exception {
        for (var size : new int[] {899_900, 899_961, 900_000, 900_001, 965_536, 1_048_576}) {
            assertThat(floods("flood", size).join()).as("%d bytes", size).isTrue();
        }
    }

    @Test
    void comeFromHandlersWithTheirHeaders() throws Exception {
        var answer = call("handler-flood", "d");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-flooded")).contains("yes");
        assertThat(answer.body().readAllBytes()).hasSize('d' << 16).containsOnly('x');
    }

    @Test
    void comeFromScriptsWithTheirHeaders() throws Exception {
        var answer = call("script", "3000000");

        assertThat(answer.headers().firstValue("x-from")).contains("script");
        assertThat(new String(answer.body().readAllBytes(), UTF_8)).isEqualTo("é".repeat(3_000_000));
    }

    @Test
    void areBrokenOffVisiblyWhenTheFunctionTrapsAfterTheirBegin() throws Exception {
        var body = call("flood", "5000000 trap").body();

        assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
    }

    @Test
    void areBrokenOffVisiblyWhenTheFunctionRunsTooLong() throws Exception {
        var body = call("brief", "5000000 loop").body();

        assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
    }

    @Test
    void areBrokenOffVisiblyWhenTheyPassTheFunctionsLimit() throws Exception {
        assertThat(floods("bounded", 2_900_000).join()).isTrue();
        var body = call("bounded", "3100000").body();

        assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
    }

    @Test
    void areBrokenOffVisiblyWhenTheExecutorIsKilledInTheMiddle() throws Exception {
        var body = call("flood", "5000000 loop").body();
        assertThat(isFlood(body, 4_900_000)).isTrue();

        executor.kill();

        try {
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        } finally {
            executor = role("executor");
        }
    }

    @Test
    void waitOnTheLogForClientsThatDoNotReadAndHoldUpNobody() throws Exception {
        var sockets = new ArrayList<Socket>();
        try {
            // Together more than there is memory for, and not more runs at once than that.
            for (int i = 0; i < 20; i++) {
                sockets.add(ask("flood", 10_000_000));
            }

            assertThat(floods("flood", 20_000_000).join()).isTrue();
            assertThat(call("echo", "quick").body().readAllBytes()).isEqualTo("quick".getBytes(UTF_8));

            for (var socket : sockets) {
                assertThat(isFlood(unchunked(socket), 10_000_000)).isTrue();
            }
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void countAsUsedWithAllTheirBytes() throws Exception {
        var before = deployer.usage().downloaded();

        assertThat(floods("flood", 7_000_000).join()).isTrue();

        await().atMost(PATIENCE).until(() -> deployer.usage().downloaded() >= before + 7_000_000);
    }

    private URI url(String function) {
        return URI.create(ingress.ready().replaceFirst(".*(?=http:)", "") + "/fn/" + function);
    }

    private HttpResponse<InputStream> call(String function, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(url(function))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    /** Whether the answer is what was asked for, to its end. */
    private CompletableFuture<Boolean> floods(String function, int size) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                var answer = call(function, size + " end");
                try (var body = answer.body()) {
                    if (answer.statusCode() != 200) {
                        throw new AssertionError(new String(body.readAllBytes(), UTF_8));
                    }
                    return isFlood(body, size) && body.read() < 0;
                }
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Whether it begins as the function would have it. */
    private static boolean isFlood(InputStream body, int size) throws IOException {
        var state = 1;
        for (int left = size; left > 0; ) {
            var expected = new byte[Math.min(left, 1 << 16)];
            for (int i = 0; i < expected.length; i++) {
                state = state * 1_664_525 + 1_013_904_223;
                expected[i] = (byte) (state >>> 24);
            }
            if (!Arrays.equals(expected, body.readNBytes(expected.length))) {
                return false;
            }
            left -= expected.length;
        }
        return true;
    }

    /** A client that does not read. */
    private Socket ask(String function, int size) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(8 << 10);
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), url(function).getPort()));
        var text = size + " end";
        socket.getOutputStream()
                .write("POST /fn/%s HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: %d\r\n\r\n%s"
                        .formatted(function, text.length(), text)
                        .getBytes(US_ASCII));
        return socket;
    }

    /** The body of the answer, whose chunks follow each other. */
    private static InputStream unchunked(Socket socket) throws IOException {
        var in = new BufferedInputStream(socket.getInputStream());
        assertThat(line(in)).isEqualTo("HTTP/1.1 200 OK");
        while (!line(in).isEmpty()) {}
        var body = new ByteArrayOutputStream();
        for (var size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        return new ByteArrayInputStream(body.toByteArray());
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
