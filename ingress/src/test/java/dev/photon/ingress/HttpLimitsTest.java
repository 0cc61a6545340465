package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP/1.1 requests may look like. */
class HttpLimitsTest {
    private TestingServer server;

    @BeforeEach
    void start() {
        server = TestingServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private RawClient.Answer answer(String request) throws Exception {
        try (var client = server.connect().send(request)) {
            return client.answer();
        }
    }

    @Test
    void aFirstLineThatIsTooLongIs414() throws Exception {
        var answer = answer("GET /" + "a".repeat(HttpListener.MAX_LINE_BYTES) + " HTTP/1.1\r\n\r\n");

        assertThat(answer.status()).isEqualTo(414);
        assertThat(answer.body()).contains("urn:photon:error:uri-too-long");
        assertThat(answer.head()).contains("application/problem+json");
    }

    @Test
    void aFirstLineOf8000BytesIsRead() throws Exception {
        assertThat(answer("GET /echo?" + "a".repeat(7_900) + " HTTP/1.1\r\nhost: test\r\n\r\n")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void headerFieldsThatAreTooLargeAre431() throws Exception {
        var answer = answer("GET /echo HTTP/1.1\r\nx: " + "a".repeat(HttpListener.MAX_FIELDS_BYTES) + "\r\n\r\n");

        assertThat(answer.status()).isEqualTo(431);
        assertThat(answer.body()).contains("urn:photon:error:fields-too-large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello\r\n\r\n",
                "GET /echo HTTP/1.1\r\nno colon\r\n\r\n",
                "GET /echo HTTP/1.1\r\ncontent-length: many\r\n\r\n",
                "GET /echo HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
                "CONNECT example.org:443 HTTP/1.1\r\nhost: example.org\r\n\r\n"
            })
    void whatIsNotAProperRequestIs400(String request) throws Exception {
        var answer = answer(request);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("urn:photon:error:bad-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PRIVATE", "PRI"})
    void aHeadMayComeByteByByte(String method) throws Exception {
        try (var client = server.connect()) {
            for (var character : (method + " /host HTTP/1.1\r\nhost: test\r\n\r\n").toCharArray()) {
                client.send(String.valueOf(character));
            }
            assertThat(client.answer().body()).isEqualTo("test");
        }
    }

    /** As Java's client and curl wish by themselves. */
    @Test
    void aWishForHttp2IsIgnored() throws Exception {
        var body = "b".repeat(1_000_000);
        var answer = answer(wishing("/echo", 1_000_000) + body);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(body);
    }

    private static String wishing(String path, int length) {
        return String.join(
                "\r\n",
                "POST " + path + " HTTP/1.1",
                "host: test",
                "connection: Upgrade, HTTP2-Settings",
                "upgrade: h2c",
                "http2-settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA",
                "content-length: " + length,
                "",
                "");
    }

    /** With Vert.x's own upgrade the server reads on for as long as the client sends. */
    @Test
    void aRefusedBodyWithAWishForHttp2EndsAsAnyOther() throws Exception {
        try (var client = server.connect().send(wishing("/refused", 1_000_000_000))) {
            assertThat(client.answer().status()).isEqualTo(413);

            assertThat(client.sendsUntilClosed(new byte[1 << 20], 1_000)).isTrue();
        }
    }

    @Test
    void javasClientIsServed() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/echo"))
                    .POST(HttpRequest.BodyPublishers.ofString("hello"))
                    .build();

            var answer = client.send(request, BodyHandlers.ofString());

            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(answer.body()).isEqualTo("hello");
        }
    }

    @Test
    void noMoreConnectionsThanAllowed() throws Exception {
        try (var small = TestingServer.start(new HttpConfig(Optional.empty(), 2, 75_000, 20_000, 1_000))) {
            var open = new ArrayList<RawClient>();
            for (var i = 0; i < 2; i++) {
                var client = small.connect().get("/echo");
                assertThat(client.answer().status()).isEqualTo(200);
                open.add(client);
            }

            try (var third = small.connect()) {
                assertThat(third.drain()).isZero();
            }

            assertThat(small.connections().refused()).isOne();
            for (var client : open) {
                assertThat(client.get("/echo").answer().status()).isEqualTo(200);
                client.close();
            }
            Awaitility.await().until(() -> small.connections().count() == 0);
            try (var again = small.connect().get("/echo")) {
                assertThat(again.answer().status()).isEqualTo(200);
            }
        }
    }
}
