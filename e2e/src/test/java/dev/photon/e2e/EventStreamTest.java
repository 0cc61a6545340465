package dev.photon.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Answers that are read while their functions still run. */
class EventStreamTest extends RegionSuite {
    private static final String A_MINUTE = "[runtime]\ntimeout_ms = 60000\n";

    @Override
    TestingKafka openKafka() throws Exception {
        return TestingKafka.either();
    }

    @Test
    void aCommandsEventsArriveWhileItRuns() throws Exception {
        photon.deployGuest("events", A_MINUTE);

        try (var lines = open("events", "")) {
            assertThat(lines.readLine()).isEqualTo("data: first");
            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isEqualTo("data: second");
        }
    }

    @Test
    void aHandlersEventsArriveWhileItRuns() throws Exception {
        photon.deployGuest("handler-events", A_MINUTE);

        try (var lines = open("handler-events", "")) {
            assertThat(lines.readLine()).isEqualTo("data: first");
        }
    }

    @Test
    void whoWritesSlowlyIsReadMeanwhileWhateverItWrites() throws Exception {
        photon.deployGuest("drip", A_MINUTE);

        try (var lines = open("drip", "loop")) {
            assertThat(lines.readLine()).isEqualTo("line 1");
            assertThat(lines.readLine()).isEqualTo("line 2");
            assertThat(lines.readLine()).isEqualTo("line 3");
        }
    }

    @Test
    void anAnswerInPartsIsWholeAtItsEnd() throws Exception {
        photon.deployGuest("drip", A_MINUTE);

        assertThat(photon.post("/fn/drip", "end").body()).isEqualTo("line 1\nline 2\nline 3\n");
    }

    /** Without chunks it could not tell the half of an answer from the whole. */
    @Test
    void aClientOfAnOlderHttpGetsOneAnswerAtTheEnd() throws Exception {
        photon.deployGuest("drip", A_MINUTE);
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), photon.url("").getPort())) {
            socket.getOutputStream().write("GET /fn/drip HTTP/1.0\r\nhost: 127.0.0.1\r\n\r\n".getBytes(UTF_8));

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .contains(" 200 OK\r\n")
                    .contains("content-length: 21\r\n")
                    .endsWith("\r\nline 1\nline 2\nline 3\n");
        }
    }

    @Test
    void aQuickAnswerIsOneWithItsLength() throws Exception {
        photon.deployGuest("echo");

        var answer = photon.post("/fn/echo", "quick");

        assertThat(answer.headers().firstValue("content-length")).contains("5");
        assertThat(answer.headers().firstValue("transfer-encoding")).isEmpty();
    }

    private BufferedReader open(String function, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(photon.url("/fn/" + function))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var answer = photon.http().send(request, HttpResponse.BodyHandlers.ofInputStream());
        return new BufferedReader(new InputStreamReader(answer.body(), UTF_8));
    }
}
