package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.protocol.Deadline;
import dev.photon.protocol.Digest;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationCodec;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.Pieces;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Target;
import dev.photon.protocol.ViewPosition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that fit no record, through a broker with its default limits. */
class LargeRequestTest extends RegionSuite {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MOST = Invocation.DEFAULT_BODY_BYTES;
    private static final int STRIDE = 4_093;

    private static final String SCRIPT = """
            export default {
              async fetch(request) {
                const bytes = await request.bytes();
                let hash = 0x811c9dc5;
                for (let i = 0; i < bytes.length; i += %d) hash = Math.imul(hash ^ bytes[i], 16777619);
                return new Response(`${bytes.length} ${(hash >>> 0).toString(16).padStart(8, "0")}`);
              },
            };
            """.formatted(STRIDE);

    @Override
    TestingKafka openKafka() throws Exception {
        return TestingKafka.either();
    }

    @BeforeAll
    void deploy() throws Exception {
        photon.deployGuest("sum");
        photon.deployGuest("handler-sum");
        photon.deploy(SCRIPT.getBytes(UTF_8), toml("sum-js", "1.0.0") + "lang = \"js\"\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {900_001, 1_000_000, 5_000_000, MOST})
    void reachesACommandWhole(int size) throws Exception {
        var body = random(size);

        assertThat(text(photon.post("/fn/sum", body).body())).isEqualTo(size + " " + hash(body, 1));
    }

    @Test
    void reachesAHandlerWhole() throws Exception {
        var body = random(MOST);

        var answer =
                ByteBuffer.wrap(photon.post("/fn/handler-sum", body).body()).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(answer.getInt()).isEqualTo(MOST);
        assertThat(Integer.toHexString(answer.getInt())).isEqualTo(hash(body, 1).replaceFirst("^0+", ""));
    }

    @Test
    void reachesAScriptWhole() throws Exception {
        var body = random(MOST);

        assertThat(text(photon.post("/fn/sum-js", body).body())).isEqualTo(MOST + " " + hash(body, STRIDE));
    }

    @Test
    void manyAtOnceDoNotMeet() throws Exception {
        var right = new AtomicInteger();

        Load.run(16, 48, index -> {
            var body = random(1_000_000 + index * 50_000);
            if (text(photon.post("/fn/sum", body).body()).equals(body.length + " " + hash(body, 1))) {
                right.incrementAndGet();
            }
        });

        assertThat(right).hasValue(48);
    }

    @Test
    void countsAsUsedOnce() throws Exception {
        var before = photon.usage().uploaded();

        photon.post("/fn/sum", random(2_000_000));

        await().atMost(PATIENCE).until(() -> photon.usage().uploaded() >= before + 2_000_000);
    }

    @Test
    void isRefusedAtOnceWhenItSaysThatItIsTooLarge() throws Exception {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), photon.url("").getPort())) {
            socket.getOutputStream()
                    .write("POST /fn/sum HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: %d\r\n\r\n"
                            .formatted(MOST + 1)
                            .getBytes(US_ASCII));

            assertThat(start(socket)).startsWith("HTTP/1.1 413 ").contains("urn:photon:error:too-large");
        }
    }

    @Test
    void isRefusedWhenItTurnsOutToBeTooLarge() throws Exception {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), photon.url("").getPort())) {
            var out = socket.getOutputStream();
            out.write("POST /fn/sum HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n"
                    .getBytes(US_ASCII));
            var size = Integer.toHexString(1 << 20);
            for (int i = 0; i <= MOST >> 20; i++) {
                out.write((size + "\r\n").getBytes(US_ASCII));
                out.write(new byte[1 << 20]);
                out.write("\r\n".getBytes(US_ASCII));
            }

            assertThat(start(socket)).startsWith("HTTP/1.1 413 ").contains("urn:photon:error:too-large");
        }
    }

    /** Pieces of another body, or of none, in the place that the record names. */
    @Test
    void failsVisiblyWhenItsPiecesAreNotThere() throws Exception {
        photon.post("/fn/sum", random(2_000_000));
        var id = InvocationIds.next();
        var invocation = new Invocation(
                id,
                "/test",
                new Target.Resolved("sum", "1.0.0", Digest.of(guest("sum")), ViewPosition.of(0)),
                Optional.of(Deadline.in(20_000)),
                new ReplyTo.Ingress(0, "nobody"),
                new Invocation.HttpHead("POST", "", "", List.of()),
                Optional.empty(),
                new byte[0]);

        photon.send(InvocationCodec.encode(TOPICS.invocations(), invocation.in(new Pieces(0, 0, 0, 1, 64 << 10))));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(photon.readAll(TOPICS.responses()))
                        .filteredOn(reply -> text(reply.key()).equals(id))
                        .singleElement()
                        .satisfies(reply -> assertThat(text(reply.headers()
                                        .lastHeader("ce_photonerror")
                                        .value()))
                                .isEqualTo("unavailable")));
    }

    private static String start(Socket socket) throws IOException {
        var buffer = new byte[4_096];
        var length = socket.getInputStream().read(buffer);
        return new String(Arrays.copyOf(buffer, Math.max(0, length)), UTF_8);
    }

    private static byte[] random(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** FNV-1a, 32 bits. */
    private static String hash(byte[] bytes, int stride) {
        var hash = 0x811c9dc5;
        for (int i = 0; i < bytes.length; i += stride) {
            hash = (hash ^ (bytes[i] & 0xff)) * 16_777_619;
        }
        return "%08x".formatted(hash);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
