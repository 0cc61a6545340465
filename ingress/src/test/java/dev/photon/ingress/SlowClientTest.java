package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP/1.1 clients that keep the server waiting, byte by byte. */
class SlowClientTest {
    private static final Duration SHORT = Duration.ofSeconds(15);
    private static final Duration LONG = Duration.ofSeconds(25);

    private TestingServer server;

    @BeforeEach
    void start() {
        server = TestingServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void awaitConnection() {
        Awaitility.await().until(() -> server.connections().count() == 1);
    }

    @Test
    void aHeadThatDoesNotEndIsAnswered408() throws Exception {
        try (var client = server.connect().send("GET /echo HTTP/1.1\r\nhost:")) {
            awaitConnection();

            server.pass(LONG);

            var answer = client.answer();
            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.isLast()).isTrue();
            assertThat(answer.body()).contains("urn:photon:error:too-slow");
            assertThat(client.drain()).isZero();
        }
    }

    @Test
    void bytesNowAndThenDoNotExtendTheTimeForAHead() throws Exception {
        try (var client = server.connect().send("GET /echo HTTP/1.1\r\n")) {
            awaitConnection();

            server.pass(SHORT);
            client.send("x: y\r\n");
            server.pass(SHORT);

            assertThat(client.answer().status()).isEqualTo(408);
        }
        assertThat(server.connections().cutOff()).isOne();
    }

    @Test
    void aHeadThatDoesNotEndOnAUsedConnectionIsAnswered408() throws Exception {
        try (var client = server.connect().get("/echo")) {
            client.answer();
            server.pass(SHORT);
            client.send("GET /echo HTTP");

            Awaitility.await().until(() -> {
                server.pass(SHORT);
                return client.isAnswered();
            });

            assertThat(client.answer().status()).isEqualTo(408);
        }
    }

    @Test
    void aConnectionWithoutAByteIsClosedWithoutAWord() throws Exception {
        try (var client = server.connect()) {
            awaitConnection();

            server.pass(LONG);

            assertThat(client.drain()).isZero();
        }
        assertThat(server.connections().cutOff()).isZero();
    }

    @Test
    void aUsedConnectionIsKeptForTheNextRequest() throws Exception {
        try (var client = server.connect().get("/echo")) {
            client.answer();
            server.pass(Duration.ofSeconds(70));

            assertThat(client.get("/echo").answer().status()).isEqualTo(200);

            server.pass(Duration.ofSeconds(80));
            assertThat(client.drain()).isZero();
        }
        assertThat(server.connections().cutOff()).isZero();
    }

    @Test
    void aBodyThatStopsIsAnswered408() throws Exception {
        try (var client = server.connect().send("POST /later HTTP/1.1\r\ncontent-length: 10\r\n\r\n12345")) {
            var gone = new CountDownLatch(1);
            var request = server.begun();
            TestingServer.on(request, () -> request.response().closeHandler(closed -> gone.countDown()));

            server.pass(LONG);

            assertThat(client.answer().status()).isEqualTo(408);
            assertThat(client.drain()).isZero();
            gone.await();
        }
    }

    @Test
    void whatWasSentBeforeIsNoCreditForABodyThatStops() throws Exception {
        try (var client = server.connect().send("POST /later HTTP/1.1\r\ncontent-length: 500001\r\n\r\n")) {
            var request = server.begun();
            client.send(new byte[500_000]);
            Awaitility.await().until(() -> request.bytesRead() == 500_000);
            server.pass(Duration.ofSeconds(1));

            server.pass(LONG);

            assertThat(client.answer().status()).isEqualTo(408);
        }
    }

    @Test
    void aBodyThatComesAtTheSlowestPaceIsTaken() throws Exception {
        try (var client = server.connect().send("POST /later HTTP/1.1\r\ncontent-length: 40000\r\n\r\n")) {
            var request = server.begun();
            for (var sent = 10_000; sent <= 40_000; sent += 10_000) {
                server.pass(SHORT);
                client.send(new byte[10_000]);
                var all = sent;
                Awaitility.await().until(() -> request.bytesRead() == all);
            }
            TestingServer.answer(request, "thanks");

            assertThat(client.answer().body()).isEqualTo("thanks");
        }
    }

    @Test
    void aBodyThatWeDoNotReadIsNotTheClientsFault() throws Exception {
        try (var client = server.connect().send("POST /paused HTTP/1.1\r\ncontent-length: 4000000\r\n\r\n")) {
            var request = server.begun();
            var sending = Thread.startVirtualThread(() -> {
                try {
                    client.send(new byte[4_000_000]);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Awaitility.await().until(() -> !channel(request).config().isAutoRead());

            server.pass(Duration.ofMinutes(5));

            TestingServer.answerWithLength(request);
            assertThat(client.answer().body()).isEqualTo("4000000");
            sending.join();
        }
    }

    @Test
    void aSlowFunctionIsWaitedFor() throws Exception {
        try (var client = server.connect().get("/later")) {
            var request = server.begun();

            server.pass(Duration.ofMinutes(15));

            TestingServer.answer(request, "at last");
            assertThat(client.answer().body()).isEqualTo("at last");
        }
    }

    @Test
    void anAnswerThatIsNotReadIsCutOff() throws Exception {
        try (var client = server.connect().get("/large")) {
            server.begun();
            server.pass(Duration.ofSeconds(2));

            server.pass(LONG);

            Awaitility.await().until(() -> server.connections().count() == 0);
            assertThat(client.drain()).isLessThan(TestingServer.LARGE);
        }
        assertThat(server.connections().cutOff()).isOne();
    }

    @Test
    void anAnswerThatIsReadSlowlyIsSent() throws Exception {
        try (var client = server.connect().get("/large")) {
            var request = server.begun();
            var chunk = 4 << 20;
            for (var read = 0; read < TestingServer.LARGE / 2; read += chunk) {
                var before = progress(request);
                client.skip(chunk);
                Awaitility.await().until(() -> progress(request) > before + chunk / 2);
                server.pass(SHORT);
            }
            client.skip(TestingServer.LARGE / 2);
            assertThat(server.connections().cutOff()).isZero();
        }
    }

    private static Channel channel(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel();
    }

    private static long progress(HttpServerRequest request) {
        return channel(request).unsafe().outboundBuffer().currentProgress();
    }
}
