package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How connections to an ingress begin and end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransportTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    /** Held: the connections of a client that nothing refers to are closed. */
    private final List<HttpClient> clients = new ArrayList<>();

    private TestingKafka kafka;
    private PhotonTester photon;

    @BeforeAll
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        photon = PhotonTester.start(kafka.bootstrap());
        photon.deployGuest("echo");
        photon.deployGuest("env");
        photon.deployGuest("status");
        photon.deploy(guest("loop"), toml("slow", "1.0.0") + "[runtime]\ntimeout_ms = 4000\n");
    }

    @AfterAll
    void stop() throws Exception {
        photon.close();
        kafka.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Another ingress of the region, that a test may end. */
    private PhotonTester ingress(Map<String, String> settings) throws Exception {
        var ingress = PhotonTester.start(kafka.bootstrap(), EnumSet.of(Role.INGRESS), settings);
        await().atMost(PATIENCE).until(() -> ingress.get("/fn/echo").statusCode() == 200);
        return ingress;
    }

    private static Socket connect(PhotonTester to) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), to.url("").getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    /** What came as an answer, its head in lower case. */
    private record Answer(String head, String body) {
        boolean isLast() {
            return head.contains("\r\nconnection: close\r\n");
        }
    }

    private static void send(Socket socket, String path, String body) throws IOException {
        socket.getOutputStream()
                .write("POST %s HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n%s"
                        .formatted(path, body.length(), body)
                        .getBytes(ISO_8859_1));
    }

    private static Answer read(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        while (!bytes.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            var next = in.read();
            if (next < 0) {
                throw new IOException("closed within an answer: " + bytes.toString(ISO_8859_1));
            }
            bytes.write(next);
        }
        var head = bytes.toString(ISO_8859_1).toLowerCase(Locale.ROOT);
        var from = head.indexOf("content-length: ") + "content-length: ".length();
        var length = Integer.parseInt(head.substring(from, head.indexOf('\r', from)));
        return new Answer(head, new String(in.readNBytes(length), ISO_8859_1));
    }

    @Test
    void anIngressThatEndsUnderLoadAnswersWhatItAccepted() throws Exception {
        var wrong = new AtomicInteger();
        var busy = new CountDownLatch(500);
        var clients = new ArrayList<Thread>();
        try (var ending = ingress(Map.of())) {
            for (var i = 0; i < 16; i++) {
                clients.add(Thread.startVirtualThread(() -> {
                    if (!isAnsweredToTheLast(ending, busy)) {
                        wrong.incrementAndGet();
                    }
                }));
            }
            assertThat(busy.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        for (var client : clients) {
            client.join();
        }
        assertThat(wrong).hasValue(0);
    }

    /** Whether each of many requests got its own answer, down to the one that said that it was the last. */
    private static boolean isAnsweredToTheLast(PhotonTester ingress, CountDownLatch busy) {
        try (var socket = connect(ingress)) {
            for (var i = 0; ; i++) {
                var body = "request " + i;
                send(socket, "/fn/echo", body);
                var answer = read(socket.getInputStream());
                busy.countDown();
                if (!answer.head().startsWith("http/1.1 200 ") || !answer.body().equals(body)) {
                    return false;
                }
                if (answer.isLast()) {
                    return socket.getInputStream().read() < 0;
                }
            }
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void anIngressThatEndsIsNotReadyButAnswersWhatRuns() throws Exception {
        var ending = ingress(Map.of());
        try (var call = connect(ending);
                var probe = connect(ending)) {
            // An idle connection would be closed; this one is about to ask something.
            probe.getOutputStream().write("GET /api/faas/v1/ready HTTP/1.1\r\n".getBytes(ISO_8859_1));
            send(call, "/fn/slow", "");
            await().atMost(PATIENCE).until(() -> ending.metric("photon_ingress_in_flight") == 1);

            var ended = closing(ending);
            await().atMost(PATIENCE).until(() -> isRefused(ending));
            probe.getOutputStream().write("host: localhost\r\n\r\n".getBytes(ISO_8859_1));
            var ready = read(probe.getInputStream());

            assertThat(ready.head()).startsWith("http/1.1 503 ");
            assertThat(ready.isLast()).isTrue();
            assertThat(ended).isNotDone();
            var answer = read(call.getInputStream());
            assertThat(answer.head()).startsWith("http/1.1 504 ");
            assertThat(answer.isLast()).isTrue();
            ended.join();
        }
    }

    @Test
    void whoStillWaitsWhenTheGraceIsOverIsToldSo() throws Exception {
        var ending = ingress(Map.of("PHOTON_GRACE_MS", "200"));
        try (var call = connect(ending)) {
            send(call, "/fn/slow", "");
            await().atMost(PATIENCE).until(() -> ending.metric("photon_ingress_in_flight") == 1);

            var ended = closing(ending);

            var answer = read(call.getInputStream());
            assertThat(answer.head()).startsWith("http/1.1 503 ");
            assertThat(answer.body()).contains("stopped before the answer came");
            ended.join();
        }
    }

    private static CompletableFuture<Void> closing(PhotonTester ending) {
        return CompletableFuture.runAsync(() -> {
            try {
                ending.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static boolean isRefused(PhotonTester ending) throws IOException {
        try (var socket = connect(ending)) {
            return socket.isClosed();
        } catch (ConnectException e) {
            return true;
        }
    }

    // HTTP/2

    private HttpClient http2() {
        var client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false),
                new PoolOptions().setHttp2MaxSize(1));
        clients.add(client);
        return client;
    }

    private HttpClientResponse send(HttpClient client, String path, Buffer body, Map<String, String> fields) {
        return join(client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(photon.url("").getPort())
                        .setURI(path))
                .compose(request -> {
                    fields.forEach(request::putHeader);
                    return request.send(body)
                            .compose(response -> response.body().map(response));
                }));
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static String text(HttpClientResponse response) {
        return join(response.body()).toString();
    }

    @Test
    void aFunctionIsCalledOverHttp2AsOverHttp1() {
        var client = http2();

        var answer = send(client, "/fn/env/a?x=1", Buffer.buffer("12345"), Map.of("x-custom", "one"));

        assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(text(answer).lines())
                .contains(
                        "REQUEST_METHOD=POST",
                        "QUERY_STRING=x=1",
                        "CONTENT_LENGTH=5",
                        "HTTP_X_CUSTOM=one",
                        "HTTP_HOST=127.0.0.1:" + photon.url("").getPort())
                .noneMatch(line -> line.startsWith("HTTP_:"));
        var status = send(client, "/fn/status", Buffer.buffer(), Map.of());
        assertThat(status.statusCode()).isEqualTo(418);
        assertThat(status.getHeader("x-tea")).isEqualTo("oolong");
    }

    @Test
    void aBodyThatIsTooLargeEndsItsStreamAlone() {
        var client = http2();
        var slow = client.request(new RequestOptions()
                        .setHost("127.0.0.1")
                        .setPort(photon.url("").getPort())
                        .setURI("/fn/slow"))
                .compose(request -> request.send());

        var refused = send(client, "/fn/echo", Buffer.buffer(new byte[11 << 20]), Map.of());

        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(send(client, "/fn/echo", Buffer.buffer("next"), Map.of()).statusCode())
                .isEqualTo(200);
        assertThat(join(slow).statusCode()).isEqualTo(504);
    }

    @Test
    void aCallWithTooManyFieldsIs431() {
        var fields = new HashMap<String, String>();
        for (var i = 0; i < 250; i++) {
            fields.put("x-" + i, "1");
        }

        var answer = send(http2(), "/fn/echo", Buffer.buffer(), fields);

        assertThat(answer.statusCode()).isEqualTo(431);
        assertThat(text(answer)).contains("at most 200 header fields");
    }
}
