package dev.photon.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.cli.Role;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Clients that send more than they may. Buffers on the way take some of it, and nobody takes it all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UploadLimitTest {
    private static final String KEY = "the operator's key";
    private static final int MB = 1_000_000;
    private static final int TOO_MUCH = 200 * MB;
    private static final int IN_BUFFERS = 40 * MB;

    private TestingKafka kafka;
    private PhotonTester photon;

    @BeforeAll
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        photon = PhotonTester.start(
                kafka.bootstrap(),
                EnumSet.of(Role.INGRESS),
                Map.of("PHOTON_API_KEY", KEY, "PHOTON_MAX_ASSETS_BYTES", "1000000"));
    }

    @AfterAll
    void stop() throws Exception {
        photon.close();
        kafka.close();
    }

    /** What the server said, and how much it took before it closed the connection. */
    private record Exchange(String answer, long taken) {}

    @Test
    void anUploadThatSaysThatItIsTooLargeIsRefusedUnread() throws Exception {
        var exchange = send(head("/api/faas/v1/deploy", "apikey " + KEY) + "content-length: " + TOO_MUCH + "\r\n\r\n");

        assertThat(exchange.answer()).startsWith("HTTP/1.1 413 ");
        assertThat(exchange.taken()).isLessThan(IN_BUFFERS);
    }

    @Test
    void anUploadWithoutALengthIsReadUpToTheLimit() throws Exception {
        var exchange = send(head("/api/faas/v1/deploy", "apikey " + KEY) + "transfer-encoding: chunked\r\n\r\n");

        assertThat(exchange.answer()).startsWith("HTTP/1.1 413 ");
        assertThat(exchange.taken()).isLessThan(IN_BUFFERS);
    }

    @Test
    void anUploadWithoutAKeyIsRefusedUnread() throws Exception {
        var exchange = send(head("/api/faas/v1/deploy", "apikey nonsense") + "transfer-encoding: chunked\r\n\r\n");

        assertThat(exchange.answer()).startsWith("HTTP/1.1 401 ");
        assertThat(exchange.taken()).isLessThan(IN_BUFFERS);
    }

    @Test
    void aCallWithoutAFunctionIsRefusedUnread() throws Exception {
        var exchange = send(head("/fn/nobody", "apikey " + KEY) + "transfer-encoding: chunked\r\n\r\n");

        assertThat(exchange.answer()).startsWith("HTTP/1.1 404 ");
        assertThat(exchange.taken()).isLessThan(IN_BUFFERS);
    }

    private static String head(String path, String authorization) {
        return "POST " + path + " HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: " + authorization
                + "\r\ncontent-type: multipart/form-data; boundary=b\r\n";
    }

    private Exchange send(String head) throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), photon.url("").getPort())) {
            var taken = 0L;
            var out = socket.getOutputStream();
            out.write(head.getBytes(US_ASCII));
            try {
                for (; taken < TOO_MUCH; taken += MB) {
                    chunk(out, taken == 0 ? partHead() : new byte[MB]);
                }
            } catch (IOException e) {
                // The server closed the connection, as it should.
            }
            return new Exchange(answer(socket), taken);
        }
    }

    private static byte[] partHead() {
        var start = new byte[MB];
        var head = "--b\r\ncontent-disposition: form-data; name=\"functionFile\"; filename=\"a\"\r\n\r\n"
                .getBytes(US_ASCII);
        System.arraycopy(head, 0, start, 0, head.length);
        return start;
    }

    private static void chunk(OutputStream out, byte[] content) throws IOException {
        out.write((Integer.toHexString(content.length) + "\r\n").getBytes(US_ASCII));
        out.write(content);
        out.write("\r\n".getBytes(US_ASCII));
    }

    private static String answer(Socket socket) throws IOException {
        var answer = new byte[4096];
        var length = socket.getInputStream().read(answer);
        return new String(answer, 0, Math.max(0, length), US_ASCII);
    }
}
