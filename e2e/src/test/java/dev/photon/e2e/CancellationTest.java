package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Functions that loop for a quarter of an hour when they are told so, and of which one run may go on at a time: while
 * nothing stops it, no other call is answered.
 */
class CancellationTest extends RegionSuite {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String ONE_FOR_LONG = "[runtime]\ntimeout_ms = 900000\nmax_concurrency = 1\n";
    private static final String SCRIPT = """
            export default {
              async fetch(request) {
                const order = await request.text();
                while (order === "loop") {}
                return new Response("done");
              },
            };
            """;

    @Override
    TestingKafka openKafka() throws Exception {
        return TestingKafka.either();
    }

    @BeforeAll
    void deploy() throws Exception {
        photon.deployGuest("drip", ONE_FOR_LONG);
        photon.deployGuest("handler-counter", ONE_FOR_LONG);
        photon.deploy(SCRIPT.getBytes(UTF_8), toml("script", "1.0.0") + "lang = \"js\"\n" + ONE_FOR_LONG);
    }

    @ParameterizedTest
    @CsvSource({"drip, loop, end", "handler-counter, l, a", "script, loop, end"})
    void aRunIsStoppedWhenItsClientGoesAway(String function, String endless, String brief) throws Exception {
        assertThat(photon.post("/fn/" + function, brief).statusCode()).isEqualTo(200);
        var client = call(function, endless);
        await().atMost(PATIENCE).until(() -> photon.metric("photon_ingress_in_flight") >= 1);

        client.close();

        assertThat(photon.post("/fn/" + function, brief).statusCode()).isEqualTo(200);
    }

    /** Its answer has begun, and is read, when the client goes. */
    @ParameterizedTest
    @CsvSource("drip, loop, end")
    void aRunIsStoppedWhenItsClientGoesAwayInTheMiddleOfTheAnswer(String function, String endless, String brief)
            throws Exception {
        var client = call(function, endless);
        assertThat(client.getInputStream().read()).isEqualTo('H');

        client.close();

        assertThat(photon.post("/fn/" + function, brief).statusCode()).isEqualTo(200);
    }

    private Socket call(String function, String body) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), photon.url("").getPort());
        socket.getOutputStream()
                .write("POST /fn/%s HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: %d\r\n\r\n%s"
                        .formatted(function, body.length(), body)
                        .getBytes(US_ASCII));
        return socket;
    }
}
