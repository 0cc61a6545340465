package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What another region answers to a call is what the client gets. */
class ForwardingTest {
    private static final String POST = "POST %s HTTP/1.1\r\nhost: shop.example\r\ncontent-length: %d\r\n\r\n";

    @TempDir
    private Path folder;

    private TestingRegion far;
    private TestingOverflow here;
    /** Held: the connections of a client that nothing refers to are closed. */
    private HttpClient client;

    @BeforeEach
    void start() {
        far = TestingRegion.start("far");
        here = TestingOverflow.to(far.setting());
    }

    @AfterEach
    void stop() {
        Awaitility.await().until(here::isIdle);
        here.close();
        far.close();
    }

    /** Has other regions stand for those that there are. */
    private void forwardTo(String... regions) {
        here.close();
        here = TestingOverflow.to(regions);
    }

    @Test
    void aBodyIsPassedOnAsItComes() throws Exception {
        try (var client = here.connect().send(POST.formatted("/echo", 10) + "12345")) {
            assertThat(far.received()).isEqualTo("12345");

            client.send("67890");

            assertThat(far.received()).isEqualTo("67890");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aLargeBodyIsPassedOnBothWays(HttpVersion version) {
        var bytes = new byte[20 << 20];
        new Random(1).nextBytes(bytes);

        var answer = TestingServer.join(request(version, HttpMethod.POST, "/echo")
                .compose(request -> request.send(Buffer.buffer(bytes)).compose(HttpClientResponse::body)));

        assertThat(answer.getBytes()).isEqualTo(bytes);
    }

    private Future<HttpClientRequest> request(HttpVersion version, HttpMethod method, String path) {
        client = here.vertx()
                .createHttpClient(
                        new HttpClientOptions().setProtocolVersion(version).setHttp2ClearTextUpgrade(false));
        return client.request(new RequestOptions()
                .setMethod(method)
                .setHost("127.0.0.1")
                .setPort(here.port())
                .setURI(path));
    }

    @Test
    void theOtherRegionUnderstandsTheRequestAsWeDid() throws Exception {
        try (var client = here.connect().send("""
                GET /fields?a=1&b=%20 HTTP/1.1\r
                Host: shop.example\r
                Authorization: apikey k\r
                Traceparent: 00-1\r
                Connection: keep-alive, x-mine\r
                X-Mine: 1\r
                TE: trailers\r
                X-Forwarded-Prefix: /a\r
                Photon-Forwarded: me\r
                \r
                """)) {
            var seen = new JsonArray(client.answer().body()).stream().map(String::valueOf);

            assertThat(seen)
                    .contains(
                            "GET /fields?a=1&b=%20",
                            "host: shop.example",
                            "authorization: apikey k",
                            "traceparent: 00-1",
                            "x-forwarded-prefix: /a")
                    .noneMatch(line -> line.startsWith("x-mine") || line.startsWith("te:"))
                    .filteredOn(line -> line.startsWith("photon-forwarded"))
                    .singleElement()
                    .asString()
                    .matches("photon-forwarded: here; id=[0-9a-f]{32}; version=1\\.0\\.0; millis=\\d+");
        }
    }

    @Test
    void anHttp2RequestsAuthorityIsTheHost() {
        var answer = TestingServer.join(request(HttpVersion.HTTP_2, HttpMethod.GET, "/fields")
                .compose(request -> request.authority(HostAndPort.create("shop.example", 81))
                        .send()
                        .compose(HttpClientResponse::body)));

        assertThat(new JsonArray(answer)).contains("host: shop.example:81");
    }

    @Test
    void statusAndFieldsAreThoseOfTheOtherRegion() {
        var answer = TestingServer.join(
                request(HttpVersion.HTTP_1_1, HttpMethod.GET, "/echo").compose(request -> request.send()));

        assertThat(answer.getHeader("x-answer")).isEqualTo("yes");
        assertThat(answer.headers().getAll("photon-region")).containsExactly("far");
        assertThat(answer.headers().contains("vary")).isFalse();
        Awaitility.await().until(() -> here.count("far", "answered") == 1);
    }

    @Test
    void theAnswerToAHeadRequestHasNoBody() {
        var answer = TestingServer.join(request(HttpVersion.HTTP_1_1, HttpMethod.HEAD, "/large")
                .compose(request -> request.send()
                        .compose(response ->
                                response.body().map(body -> response.getHeader("content-length") + body.length()))));

        assertThat(answer).isEqualTo(TestingRegion.LARGE + "0");
    }

    @Test
    void aClientOfHttp10GetsTheWholeAnswerWithItsLength() throws Exception {
        try (var client = here.connect().send("POST /echo HTTP/1.0\r\ncontent-length: 5\r\n\r\n12345")) {
            assertThat(client.answer().body()).isEqualTo("12345");
        }
    }

    @Test
    void aRegionThatCannotBeReachedIsPassedOver() throws Exception {
        forwardTo(TestingOverflow.NOBODY, far.setting());

        try (var client = here.connect().send(POST.formatted("/length", 5) + "12345")) {
            assertThat(client.answer().body()).isEqualTo("5");
        }
        assertThat(here.count("nobody", "unreachable")).isOne();
    }

    @Test
    void whenNoRegionCanBeReachedThatIsTheAnswer() throws Exception {
        forwardTo(TestingOverflow.NOBODY);

        try (var client = here.connect().send(POST.formatted("/echo", 5) + "12345")) {
            var answer = client.answer();

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.head()).contains("photon-region: here", "photon-invocation-id: ", "retry-after: ");
            assertThat(answer.body()).contains("urn:photon:error:unavailable");
        }
    }

    @Test
    void whatMayBeAskedTwiceIsAskedElsewhereWhenThereIsNoAnswer() throws Exception {
        try (var breaking = TestingRegion.start("breaking")) {
            breaking.breaksOff(true);
            forwardTo(breaking.setting(), far.setting());

            try (var client = here.connect().get("/fields")) {
                assertThat(client.answer().head()).contains("photon-region: far");
            }
            assertThat(here.count("breaking", "broken")).isOne();
        }
    }

    @Test
    void whatMayHaveRunIsNotAskedTwice() throws Exception {
        forwardTo(far.setting(), TestingOverflow.NOBODY);

        try (var client = here.connect().send(POST.formatted("/broken", 5) + "12345")) {
            var answer = client.answer();

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("may still run there");
        }
        assertThat(here.count("nobody", "unreachable")).isZero();
    }

    @Test
    void anAnswerThatBreaksOffIsNotMadeToLookWhole() throws Exception {
        try (var client = here.connect().get("/half")) {
            assertThat(client.drain()).isPositive();
        }
        Awaitility.await().until(() -> here.count("far", "broken") == 1);
    }

    /** Such as one whose network is gone, which closes no connection. */
    @Test
    void aStreamEndsWhoseRegionDoesNotAnswerAnyMore() throws Exception {
        try (var client = here.connect().get("/later")) {
            var there = far.begun();
            TestingServer.on(there, () -> there.response().setChunked(true).write("first"));
            Awaitility.await().until(client::isAnswered);

            far.breaksOff(true);
            for (int i = 0; i < 3; i++) {
                here.other(0).failed();
            }

            assertThat(client.drain()).isPositive();
        }
        Awaitility.await().until(() -> here.count("far", "broken") == 1);
    }

    @Test
    void aQuietStreamGoesOnWhileItsRegionAnswers() throws Exception {
        try (var client = here.connect().get("/later")) {
            var there = far.begun();
            TestingServer.on(
                    there,
                    () -> there.response().putHeader("content-length", "11").write("first"));
            Awaitility.await().until(client::isAnswered);
            // Far longer than the silence after which it would be looked at.
            var until = System.nanoTime() + Duration.ofMillis(600).toNanos();
            Awaitility.await().until(() -> System.nanoTime() > until);

            TestingServer.on(there, () -> there.response().end(", last"));

            assertThat(client.answer().body()).isEqualTo("first, last");
        }
    }

    /** Nothing is said of its end. */
    private static final StreamedResponse.Over UNHEARD = new StreamedResponse.Over() {
        @Override
        public void complete(long bytes) {}

        @Override
        public void broken(Reply.Failure reason, long bytes) {}
    };

    private static void streamInFrames(HttpServerRequest there, Consumer<StreamedResponse> first) {
        TestingServer.on(there, () -> first.accept(StreamedResponse.framed(there, UNHEARD, Duration.ofMillis(20))));
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aQuietStreamGoesOnWhileItShowsThatItLives(HttpVersion version) throws Exception {
        var answer = request(version, HttpMethod.GET, "/later")
                .compose(request -> request.send()
                        .compose(head -> head.body().map(body -> head.headers().contains("vary") + " " + body)));
        var there = far.begun();
        streamInFrames(there, stream -> {
            stream.write("first".getBytes(UTF_8));
            // Far longer than the silence after which it would be ended.
            Vertx.currentContext().owner().setTimer(600, later -> {
                stream.write(", last".getBytes(UTF_8));
                stream.end();
            });
        });

        assertThat(TestingServer.join(answer)).isEqualTo("false first, last");
        Awaitility.await().until(() -> here.count("far", "answered") == 1);
    }

    /** As by a proxy that forgot it. */
    @Test
    void aStreamEndsWhoseConnectionIsLostThoughItsRegionAnswers() throws Exception {
        try (var link = new SilentLink(far.port())) {
            forwardTo(far.setting(link));
            try (var client = here.connect().get("/later")) {
                streamInFrames(far.begun(), stream -> stream.write("first".getBytes(UTF_8)));
                Awaitility.await().until(client::isAnswered);

                link.forget();

                assertThat(client.drain()).isPositive();
            }
            Awaitility.await().until(() -> here.count("far", "broken") == 1);
            assertThat(here.other(0).isReachable()).isTrue();
        }
    }

    @Test
    void aFramedAnswerThatBreaksOffIsNotMadeToLookWhole() throws Exception {
        try (var client = here.connect().get("/later")) {
            var there = far.begun();
            TestingServer.on(
                    there,
                    () -> there.response()
                            .setChunked(true)
                            .putHeader("photon-framed", "1")
                            .putHeader("content-encoding", "photon-frames")
                            .end(Frames.of(new byte[10]).getBuffer(0, 9)));

            assertThat(client.drain()).isPositive();
        }
        Awaitility.await().until(() -> here.count("far", "broken") == 1);
    }

    /** As nginx does with {@code gzip on}, were it not for the coding that is there already. */
    @Test
    void aFramedAnswerThatWasCompressedOnTheWayIsRefused() throws Exception {
        try (var client = here.connect().get("/later")) {
            var there = far.begun();
            TestingServer.on(
                    there,
                    () -> there.response()
                            .setChunked(true)
                            .putHeader("photon-framed", "1")
                            .putHeader("content-encoding", "photon-frames, gzip")
                            .end("garbled"));
            var answer = client.answer();

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("changed on its way");
        }
        Awaitility.await().until(() -> here.count("far", "broken") == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", ""})
    void ofTheCodingsOfAFramedAnswerTheClientSeesTheFunctions(String coding) throws Exception {
        var answer = request(HttpVersion.HTTP_1_1, HttpMethod.GET, "/later").compose(HttpClientRequest::send);
        var there = far.begun();
        if (!coding.isEmpty()) {
            there.response().putHeader("content-encoding", coding);
        }
        streamInFrames(there, StreamedResponse::end);

        assertThat(String.join("", TestingServer.join(answer).headers().getAll("content-encoding")))
                .isEqualTo(coding);
        assertThat(there.response().headers().get("content-encoding")).endsWith("photon-frames");
    }

    @Test
    void aFramedAnswerIsWholeForAClientOfHttp10() throws Exception {
        try (var client = here.connect().send("GET /later HTTP/1.0\r\n\r\n")) {
            streamInFrames(far.begun(), stream -> {
                stream.write("12345".getBytes(UTF_8));
                stream.end();
            });

            assertThat(client.answer().body()).isEqualTo("12345");
        }
    }

    @Test
    void whatMayBeAskedTwiceIsAskedElsewhereWhenItsAnswerIsLost() throws Exception {
        try (var losing = TestingRegion.start("losing")) {
            forwardTo(losing.setting(), far.setting());
            try (var client = here.connect().get("/unanswered")) {
                var answer = client.answer();

                // The other one does no better, and there is no third.
                assertThat(answer.head()).contains("photon-region: far").doesNotContain("photon-unanswered");
            }
            assertThat(here.count("losing", "broken")).isOne();

            try (var client = here.connect().send(POST.formatted("/unanswered", 5) + "12345")) {
                assertThat(client.answer().head()).contains("photon-region: losing");
            }
        }
    }

    @Test
    void whatMayBeAskedTwiceIsAskedElsewhereWhenItsRegionTakesNoMore() throws Exception {
        try (var losing = TestingRegion.start("losing")) {
            forwardTo(losing.setting(), far.setting());
            try (var client = here.connect().get("/later")) {
                losing.begun();

                losing.stuck();

                TestingServer.answer(far.begun(), "done");
                var answer = client.answer();
                assertThat(answer.body()).isEqualTo("done");
                assertThat(answer.head()).contains("photon-region: far");
            }
            assertThat(here.count("losing", "broken")).isOne();
        }
    }

    /** Far more often than it is looked, and before a probe has found the same. */
    @Test
    void callsThatFailAreNoReasonToAskElsewhereWhileProbesAreAnswered() throws Exception {
        try (var losing = TestingRegion.start("losing")) {
            forwardTo(losing.setting(), far.setting());
            try (var client = here.connect().get("/later")) {
                var there = losing.begun();
                for (int i = 0; i < 3; i++) {
                    here.other(0).failed();
                }
                Awaitility.await().until(here.other(0)::isOpen);

                TestingServer.answer(there, "done");

                assertThat(client.answer().head()).contains("photon-region: losing");
            }
        }
    }

    @Test
    void whatMayHaveRunWaitsThoughItsRegionTakesNoMore() throws Exception {
        try (var losing = TestingRegion.start("losing")) {
            forwardTo(losing.setting(), far.setting());
            try (var client = here.connect().send(POST.formatted("/later", 5) + "12345")) {
                var there = losing.begun();
                losing.stuck();
                Awaitility.await().until(() -> here.other(0).state().equals("unready"));

                TestingServer.answer(there, "done");

                assertThat(client.answer().head()).contains("photon-region: losing");
            }
        }
    }

    @Test
    void aClientThatGoesAwayEndsTheCallThere() throws Exception {
        var gone = new CountDownLatch(1);
        try (var client = here.connect().send(POST.formatted("/later", 5) + "12345")) {
            var there = far.begun();
            TestingServer.on(there, () -> there.response().closeHandler(closed -> gone.countDown()));
            assertThat(client.isAnswered()).isFalse();
        }

        gone.await();
        Awaitility.await().until(() -> here.count("far", "abandoned") == 1);
    }

    @Test
    void aClientThatStopsReadingHoldsTheAnswerBack() throws Exception {
        try (var client = here.connect().get("/large")) {
            client.skip(1 << 20);
        }
        Awaitility.await().until(() -> here.count("far", "abandoned") == 1);
    }

    @Test
    void noAnswerBeforeTheDeadlineIsATimeOut() throws Exception {
        try (var client = here.connect().get("/fields")) {
            // So that there is a connection.
            client.answer();
        }
        here.within(500);
        var gone = new CountDownLatch(1);

        try (var client = here.connect().send(POST.formatted("/later", 5) + "12345")) {
            var there = far.begun();
            TestingServer.on(there, () -> there.response().closeHandler(closed -> gone.countDown()));

            assertThat(client.answer().status()).isEqualTo(504);
        }
        gone.await();
        assertThat(here.count("far", "timeout")).isOne();
    }

    @Test
    void aRefusalComesThoughTheBodyIsStillOnItsWay() throws Exception {
        try (var client = here.connect().send(POST.formatted("/refused", 1_000_000) + "12345")) {
            assertThat(client.answer().status()).isEqualTo(413);
        }
    }

    @Test
    void aRefusalThatWasFasterThanTheBodyLeavesNoConnectionBehindThatDoesNotWork() throws Exception {
        for (int i = 0; i < 10; i++) {
            try (var client = here.connect().send(POST.formatted("/refused", 10) + "12345")) {
                assertThat(client.answer().status()).isEqualTo(413);
            }
            try (var client = here.connect().send(POST.formatted("/length", 5) + "12345")) {
                assertThat(client.answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void whatWasRefusedBeforeItRanIsAskedElsewhere() throws Exception {
        try (var refusing = TestingRegion.start("refusing").refusingWith(503)) {
            forwardTo(refusing.setting(), far.setting());

            try (var client = here.connect().send(POST.formatted("/length", 0))) {
                assertThat(client.answer().head()).contains("photon-region: far");
            }
            assertThat(here.count("refusing", "refused")).isOne();
        }
    }

    /** Larger than what is kept of it. */
    private static String large() {
        return "x".repeat(10 * ForwardedBody.KEPT_BYTES);
    }

    @Test
    void whatWasRefusedWithASmallBodyIsAskedElsewhere() throws Exception {
        try (var refusing = TestingRegion.start("refusing").refusingWith(503)) {
            forwardTo(refusing.setting(), far.setting());

            try (var client = here.connect().send(POST.formatted("/length", 5) + "12345")) {
                var answer = client.answer();

                assertThat(answer.head()).contains("photon-region: far");
                assertThat(answer.body()).isEqualTo("5");
            }
        }
    }

    @Test
    void aLargeBodyIsSentToTheRegionThatWantsIt() throws Exception {
        try (var refusing = TestingRegion.start("refusing").refusingAtOnceWith(503)) {
            forwardTo(refusing.setting(), far.setting());

            try (var client = here.connect().send(POST.formatted("/length", large().length()) + large())) {
                var answer = client.answer();

                assertThat(answer.head()).contains("photon-region: far");
                assertThat(answer.body()).isEqualTo(Integer.toString(large().length()));
            }
        }
    }

    /** It had the body without a word whether it wants it. */
    @Test
    void whatWasRefusedWithALargeBodyCannotBeAskedElsewhere() throws Exception {
        try (var refusing = TestingRegion.start("refusing").refusingWith(503)) {
            forwardTo(refusing.setting(), far.setting());

            try (var client = here.connect().send(POST.formatted("/length", large().length()) + large())) {
                var answer = client.answer();

                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.head()).contains("photon-region: refusing").doesNotContain("photon-not-run");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 10 * ForwardedBody.KEPT_BYTES})
    void whatNoOtherRegionTakesRunsHereWhereItCan(int length) throws Exception {
        try (var refusing = TestingRegion.start("refusing").refusingAtOnceWith(503)) {
            forwardTo(TestingOverflow.NOBODY, refusing.setting());
            here.orHere();

            try (var client = here.connect().send(POST.formatted("/length", length) + "x".repeat(length))) {
                assertThat(client.answer().body()).isEqualTo("here " + length);
            }
            assertThat(here.count("refusing", "refused")).isOne();
        }
    }

    @Test
    void aBodyWithoutLengthIsNotLostWhenItRunsHere() throws Exception {
        try (var refusing = TestingRegion.start("refusing").refusingAtOnceWith(503)) {
            forwardTo(refusing.setting());
            here.orHere();

            try (var client = here.connect().send("""
                    POST /length HTTP/1.1\r
                    host: a\r
                    transfer-encoding: chunked\r
                    \r
                    5\r
                    12345\r
                    """)) {
                Awaitility.await().until(() -> here.count("refusing", "refused") == 1);

                assertThat(client.send("3\r\n678\r\n0\r\n\r\n").answer().body()).isEqualTo("here 8");
            }
        }
    }

    @Test
    void whatMayHaveRunElsewhereDoesNotRunHere() throws Exception {
        here.orHere();

        try (var client = here.connect().send(POST.formatted("/broken", 5) + "12345")) {
            assertThat(client.answer().body()).contains("may still run there");
        }
    }

    @Test
    void aClientThatAsksWhetherItsBodyIsWantedIsToldSo() throws Exception {
        var asking = "POST /length HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n";
        try (var client = here.connect().send(asking)) {
            client.skip("HTTP/1.1 100 Continue\r\n\r\n".length());

            assertThat(client.send("12345").answer().body()).isEqualTo("5");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void thatTheOtherRegionDoesNotKnowTheKeyIsNoFaultOfTheCaller(int status) throws Exception {
        try (var refusing = TestingRegion.start("refusing").refusingWith(status)) {
            forwardTo(refusing.setting());

            try (var client = here.connect().get("/fields")) {
                var answer = client.answer();

                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.body()).contains("does not let the caller in");
            }
        }
    }

    @Test
    void whatTheFunctionForbidsIsForbidden() throws Exception {
        try (var client = here.connect().get("/forbidden")) {
            assertThat(client.answer().status()).isEqualTo(403);
        }
    }

    @Test
    void aFieldThatHttpDoesNotAllowIsTheCallersFaultAlone() throws Exception {
        Awaitility.await().until(() -> here.other(0).state().equals("serving"));
        try (var client = new RawHttp2Client(here.port())) {
            for (var i = 0; i < 5; i++) {
                assertThat(client.send(
                                ":method",
                                "GET",
                                ":scheme",
                                "http",
                                ":path",
                                "/fields",
                                ":authority",
                                "shop.example",
                                "x-odd",
                                "a\r\nb: c"))
                        .contains("urn:photon:error:bad-request");
            }
        }
        assertThat(here.count("far", "unreachable")).isZero();
        assertThat(here.other(0).state()).isEqualTo("serving");
    }

    @Test
    void aPathThatHttpDoesNotAllowLeavesNoConnectionBehindThatDoesNotWork() throws Exception {
        for (var i = 0; i < 5; i++) {
            try (var client = new RawHttp2Client(here.port())) {
                assertThat(client.send(
                                ":method",
                                "GET",
                                ":scheme",
                                "http",
                                ":path",
                                "/fields a",
                                ":authority",
                                "shop.example"))
                        .contains("urn:photon:error:bad-request");
            }
            try (var client = here.connect().get("/fields")) {
                assertThat(client.answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aLengthIsPassedOnThoughTheConnectionFieldNamesIt() throws Exception {
        try (var client = here.connect()
                .send("POST /length HTTP/1.1\r\nhost: a\r\nconnection: content-length, host\r\n"
                        + "content-length: 5\r\n\r\n12345")) {
            assertThat(client.answer().body()).isEqualTo("5");
        }
    }

    @Test
    void theLastAnswerOfAConnectionSaysSo() throws Exception {
        try (var client = here.connectToListener().get("/later")) {
            var there = far.begun();
            here.connections().leave();
            Awaitility.await().until(here.connections()::isLeaving);

            TestingServer.answer(there, "done");

            var answer = client.answer();
            assertThat(answer.body()).isEqualTo("done");
            assertThat(answer.isLast()).isTrue();
        }
    }

    @Test
    void aClientMayGoWhileThereIsNoConnectionYet() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            forwardTo("silent kafka:9092 https://127.0.0.1:" + silent.getLocalPort());
            try (var client = here.connect().get("/fields")) {
                Awaitility.await().until(() -> here.overflow().underWay() == 1);
                assertThat(client.isAnswered()).isFalse();
            }
            Awaitility.await().until(() -> here.count("silent", "abandoned") == 1);
        }
        Awaitility.await().until(here::isIdle);
        assertThat(here.count("silent", "unreachable")).isZero();
    }

    @Test
    void aRegionOfTheSameOperatorBelievesWhatItIsTold() throws Exception {
        here.close();
        here = TestingOverflow.sealing("0123456789abcdef", far.setting());
        var seal = new HopSeal(Digest.of("0123456789abcdef".getBytes(UTF_8)));

        try (var client = here.connect().get("/fields?a=1")) {
            var line = new JsonArray(client.answer().body())
                    .stream()
                            .map(String::valueOf)
                            .filter(field -> field.startsWith("photon-forwarded: "))
                            .findFirst()
                            .orElseThrow()
                            .substring("photon-forwarded: ".length());

            var hop = Hop.of(line, "/fields", Optional.of(seal));

            assertThat(hop.version()).contains("1.0.0");
            assertThat(hop.id()).isPresent();
        }
    }

    @Test
    void aConnectionIsUsedAgain() throws Exception {
        try (var client = here.connect()) {
            for (var i = 0; i < 3; i++) {
                assertThat(client.get("/fields").answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void whoeverWaitsIsToldWhenTheIngressStops() throws Exception {
        try (var client = here.connect().get("/later")) {
            far.begun();

            here.overflow().failAll(ErrorKind.UNAVAILABLE, "this ingress stopped");

            assertThat(client.answer().status()).isEqualTo(503);
        }
    }

    @Test
    void aRegionWithACertificateIsTrustedByWhatTheSettingNames() throws Exception {
        var files = TestingCertificate.make(folder, "EC").writeTo(folder);
        var options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(files.certificate().toString())
                        .addKeyPath(files.key().toString()));
        try (var secure = TestingRegion.start("secure", options)) {
            forwardTo(secure.secureSetting());
            try (var client = here.connect().get("/fields")) {
                assertThat(client.answer().status()).isEqualTo(503);
            }

            here.close();
            here = TestingOverflow.trusting(files.certificate().toString(), secure.secureSetting());

            try (var client = here.connect().get("/fields")) {
                assertThat(client.answer().head()).contains("photon-region: secure");
            }
        }
    }
}
