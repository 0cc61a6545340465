package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 without TLS, on one connection. */
class Http2Test {
    private TestingServer server;
    private HttpClient client;

    @BeforeEach
    void start() {
        server = TestingServer.start();
        client = client(new Http2Settings());
    }

    private HttpClient client(Http2Settings settings) {
        var options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setInitialSettings(settings);
        return server.vertx().createHttpClient(options, new PoolOptions().setHttp2MaxSize(1));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpClientRequest request(HttpMethod method, String path) {
        return TestingServer.join(client.request(new RequestOptions()
                .setMethod(method)
                .setHost("127.0.0.1")
                .setPort(server.port())
                .setURI(path)));
    }

    private record Answer(int status, String body) {}

    private Answer send(HttpMethod method, String path, Buffer body) {
        return TestingServer.join(sent(request(method, path), body));
    }

    private static Future<Answer> sent(HttpClientRequest request, Buffer body) {
        var answer = answer(request);
        request.send(body);
        return answer;
    }

    /** Asked for before the request is sent, or its body might come before anybody listens. */
    private static Future<Answer> answer(HttpClientRequest request) {
        return request.response()
                .compose(response -> response.body().map(body -> new Answer(response.statusCode(), body.toString())));
    }

    @Test
    void isSpokenByThoseWhoKnowThatItIs() {
        var body = "b".repeat(2_000_000);

        assertThat(send(HttpMethod.POST, "/echo", Buffer.buffer(body))).isEqualTo(new Answer(200, body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo a", "/echo?a b", "/echo\t", "/echo\r\nhost:b", "/echo\u007f"})
    void aPathThatHttpDoesNotAllowIsRefused(String path) throws Exception {
        try (var raw = new RawHttp2Client(server.port())) {
            assertThat(raw.send(":method", "GET", ":scheme", "http", ":path", path, ":authority", "a"))
                    .contains("urn:photon:error:bad-request");
        }
    }

    @Test
    void isNoProxy() throws Exception {
        try (var raw = new RawHttp2Client(server.port())) {
            assertThat(raw.send(":method", "CONNECT", ":authority", "example.org:443"))
                    .contains("urn:photon:error:bad-request");
        }
    }

    @Test
    void hostIsTheAuthority() {
        assertThat(send(HttpMethod.GET, "/host", Buffer.buffer()))
                .isEqualTo(new Answer(200, "127.0.0.1:" + server.port()));
    }

    @Test
    void aRefusedBodyEndsItsStreamAlone() throws Exception {
        var waiting = sent(request(HttpMethod.GET, "/later"), Buffer.buffer());
        var held = server.begun();
        var upload = request(HttpMethod.POST, "/refused").setChunked(true);
        var reset = new CountDownLatch(1);
        upload.exceptionHandler(failure -> {
            if (failure instanceof StreamResetException) {
                reset.countDown();
            }
        });

        var refused = answer(upload);
        upload.write(Buffer.buffer(new byte[10_000]));

        assertThat(TestingServer.join(refused).status()).isEqualTo(413);
        reset.await();
        TestingServer.answer(held, "done");
        assertThat(TestingServer.join(waiting)).isEqualTo(new Answer(200, "done"));
        assertThat(server.connections().count()).isOne();
    }

    @Test
    void aBodyThatStopsIsAnswered408OnItsStreamAlone() throws Exception {
        var waiting = sent(request(HttpMethod.GET, "/later"), Buffer.buffer());
        var held = server.begun();
        var upload = request(HttpMethod.POST, "/later").setChunked(true);
        var late = answer(upload);
        upload.write(Buffer.buffer("half"));
        var slow = server.begun();
        var gone = new CountDownLatch(1);
        TestingServer.on(slow, () -> slow.response().closeHandler(closed -> gone.countDown()));

        server.pass(Duration.ofSeconds(25));

        assertThat(TestingServer.join(late).status()).isEqualTo(408);
        gone.await();
        TestingServer.answer(held, "done");
        assertThat(TestingServer.join(waiting)).isEqualTo(new Answer(200, "done"));
    }

    @Test
    void aBodyThatWeDoNotReadIsNotTheClientsFault() throws Exception {
        var upload = request(HttpMethod.POST, "/paused").setChunked(true);
        var answer = answer(upload);
        upload.write(Buffer.buffer(new byte[1_000_000]));
        var request = server.begun();
        Awaitility.await().until(() -> request.bytesRead() > 200_000);

        server.pass(Duration.ofMinutes(5));

        TestingServer.answerWithLength(request);
        upload.end();
        assertThat(TestingServer.join(answer)).isEqualTo(new Answer(200, "1000000"));
    }

    @Test
    void aSlowFunctionIsWaitedFor() throws Exception {
        var waiting = sent(request(HttpMethod.GET, "/later"), Buffer.buffer());
        var held = server.begun();

        server.pass(Duration.ofMinutes(15));

        TestingServer.answer(held, "at last");
        assertThat(TestingServer.join(waiting).body()).isEqualTo("at last");
    }

    @Test
    void anAnswerThatTheClientGivesNoRoomIsCutOff() throws Exception {
        client = client(new Http2Settings().setInitialWindowSize(1));
        var request = request(HttpMethod.GET, "/large");
        var paused = request.response().map(HttpClientResponse::pause);
        request.send();
        var response = TestingServer.join(paused);
        server.begun();

        server.pass(Duration.ofSeconds(45));

        assertThatThrownBy(() -> TestingServer.join(response.resume().body())).isInstanceOf(CompletionException.class);
        Awaitility.await().until(() -> server.connections().count() == 0);
        assertThat(server.connections().cutOff()).isOne();
    }

    @Test
    void aConnectionWithNothingToDoIsClosed() throws Exception {
        send(HttpMethod.GET, "/echo", Buffer.buffer());
        server.pass(Duration.ofSeconds(70));
        assertThat(server.connections().count()).isOne();

        server.pass(Duration.ofSeconds(10));

        Awaitility.await().until(() -> server.connections().count() == 0);
        assertThat(server.connections().cutOff()).isZero();
    }

    @Test
    void aConnectionOfRapidResetsIsEnded() throws Exception {
        var closed = new CountDownLatch(1);
        var first = request(HttpMethod.GET, "/echo");
        first.connection().closeHandler(gone -> closed.countDown());
        first.end();

        IntStream.range(0, 250)
                .forEach(i -> client.request(new RequestOptions()
                                .setHost("127.0.0.1")
                                .setPort(server.port())
                                .setURI("/later"))
                        .onSuccess(request -> {
                            request.end();
                            request.reset();
                        }));

        closed.await();
    }

    @Test
    void limitsAreToldToTheClient() {
        var first = request(HttpMethod.GET, "/echo");

        first.end();

        TestingServer.join(first.response());
        var told = first.connection().remoteSettings();
        assertThat(told.getMaxConcurrentStreams()).isEqualTo(HttpListener.MAX_STREAMS);
        assertThat(told.getMaxHeaderListSize()).isEqualTo(HttpListener.MAX_LINE_BYTES + HttpListener.MAX_FIELDS_BYTES);
    }

    @Test
    void fieldsOfAConnectionAreNotAnswered() {
        assertThat(List.of("connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "proxy-connection"))
                .noneMatch(Http::isAnswered);
        assertThat(List.of("content-type", "X-Own")).allMatch(Http::isAnswered);
    }
}
