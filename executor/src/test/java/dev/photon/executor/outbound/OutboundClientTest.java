package dev.photon.executor.outbound;

import static dev.photon.executor.outbound.TestingOutbound.PLENTY;
import static dev.photon.executor.outbound.TestingOutbound.request;
import static dev.photon.executor.outbound.TestingOutbound.summary;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.photon.executor.outbound.OutboundRequest.Redirects;
import dev.photon.executor.outbound.OutboundResult.Response;
import dev.photon.protocol.Header;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetServer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundClientTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final TestingOutbound outbound = new TestingOutbound();

    @BeforeEach
    void nameTheServers() {
        outbound.allows("*.example");
        outbound.resolver.answer("good.example", "127.0.0.1").answer("other.example", "127.0.0.1");
    }

    @AfterEach
    void close() {
        outbound.close();
    }

    /** Allows the server's port, and returns its URL. */
    private String allowed(int port) {
        outbound.allows("good.example:" + port, "other.example:" + port);
        return "http://good.example:" + port;
    }

    private static void echo(HttpServerRequest request) {
        request.body()
                .onSuccess(body -> request.response()
                        .setStatusCode(201)
                        .putHeader("X-Answer", "yes")
                        .putHeader("set-cookie", List.<String>of("a=1", "b=2"))
                        .end("%s %s %s %s"
                                .formatted(request.method(), request.uri(), request.getHeader("host"), body)));
    }

    @Test
    void sendsWhatTheGuestWantsAndReturnsTheAnswer() throws Exception {
        var url = allowed(outbound.serve(OutboundClientTest::echo));
        var body = "question".getBytes(UTF_8);
        var request = new OutboundRequest("post", url + "/a%20b?q=ü#part", List.of(), body, Redirects.FOLLOW);

        var response = (Response) outbound.send(request, PLENTY);

        assertThat(summary(response)).isEqualTo("201 POST /a%20b?q=%C3%BC " + url.substring(7) + " question");
        assertThat(response.url()).isEqualTo(url + "/a%20b?q=%C3%BC");
        assertThat(response.headers())
                .contains(
                        new Header("x-answer", "yes"),
                        new Header("set-cookie", "a=1"),
                        new Header("set-cookie", "b=2"));
    }

    @Test
    void aNameIsTheSameInAnyCaseAndWithADotAtItsEnd() throws Exception {
        var port = outbound.serve(OutboundClientTest::echo);
        allowed(port);

        var result = outbound.get("HTTP://GOOD.Example.:" + port);

        assertThat(summary(result)).isEqualTo("201 GET / good.example:" + port + " ");
    }

    @Test
    void aConnectionIsUsedAgain() throws Exception {
        var url = allowed(outbound.serve(OutboundClientTest::echo));

        for (int i = 0; i < 5; i++) {
            assertThat(outbound.get(url)).isInstanceOf(Response.class);
        }

        assertThat(outbound.connections).hasValue(1);
    }

    /** However many hosts a guest calls, only so many connections stay open. */
    @Test
    void idleConnectionsAreBounded() throws Exception {
        var port = outbound.serve(OutboundClientTest::echo);
        outbound.allows("*.many.example:" + port);
        var hosts = Connector.MOST_KEPT + 50;
        for (int i = 0; i < hosts; i++) {
            outbound.resolver.answer("h%d.many.example".formatted(i), "127.0.0.1");
            assertThat(outbound.get("http://h%d.many.example:%d".formatted(i, port)))
                    .isInstanceOf(Response.class);
        }

        await().until(() -> outbound.connections.get() - outbound.closed.get() <= Connector.MOST_KEPT);
        assertThat(outbound.connections).hasValue(hosts);
    }

    @Test
    void anAnswerWithoutBodyIsOne() throws Exception {
        var url = allowed(
                outbound.serve(request -> request.response().setStatusCode(204).end()));

        assertThat(summary(outbound.send(request("HEAD", url), PLENTY))).isEqualTo("204 ");
    }

    @Test
    void headersOfTheConnectionAreNotTheGuests() throws Exception {
        var seen = new ConcurrentLinkedQueue<String>();
        var url = allowed(outbound.serve(request -> {
            request.headers().names().forEach(name -> seen.add(name + ": " + request.getHeader(name)));
            request.response().end();
        }));
        var request = new OutboundRequest(
                "POST",
                url,
                List.of(
                        new Header("Host", "inside.example"),
                        new Header("Content-Length", "1000"),
                        new Header("Transfer-Encoding", "chunked"),
                        new Header("Connection", "upgrade, x-mine"),
                        new Header("Upgrade", "h2c"),
                        new Header("TE", "trailers"),
                        new Header("Expect", "100-continue"),
                        new Header("Proxy-Authorization", "Basic x"),
                        new Header("Idempotency-Key", "own"),
                        new Header("X-Mine", "yes")),
                "abc".getBytes(UTF_8),
                Redirects.FOLLOW);

        outbound.send(request, PLENTY);

        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "x-mine: yes", "host: " + url.substring(7), "content-length: 3", "idempotency-key: own");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nx-b: c",
                "a\nb",
                "a\u0000b",
                "a\u010ab",
                "a\u560ab",
                "\u007f",
                "a\r\n\r\nGET /secret HTTP/1.1"
            })
    void aHeaderCannotEndItsLine(String value) throws Exception {
        var url = allowed(outbound.serve(OutboundClientTest::echo));

        assertThat(summary(outbound.send(request("GET", url, new Header("x-a", value)), PLENTY)))
                .isEqualTo("BAD_REQUEST");
        assertThat(summary(outbound.send(request("GET", url, new Header(value, "a")), PLENTY)))
                .isEqualTo("BAD_REQUEST");
        assertThat(outbound.connections).hasValue(0);
    }

    @Test
    void headersAreBounded() throws Exception {
        var url = allowed(outbound.serve(OutboundClientTest::echo));
        var many = IntStream.rangeClosed(0, RequestHeaders.MOST)
                .mapToObj(i -> new Header("x-" + i, ""))
                .toArray(Header[]::new);
        var large = new Header("x-large", "a".repeat(RequestHeaders.MOST_CHARACTERS));

        assertThat(summary(outbound.send(request("GET", url, many), PLENTY))).isEqualTo("BAD_REQUEST");
        assertThat(summary(outbound.send(request("GET", url, large), PLENTY))).isEqualTo("BAD_REQUEST");
    }

    @Test
    void theTraceIsPassedOnUnlessTheGuestHasItsOwn() throws Exception {
        var traces = new ConcurrentLinkedQueue<String>();
        var url = allowed(outbound.serve(request -> {
            traces.add(request.headers().getAll("traceparent").toString());
            request.response().end();
        }));

        outbound.traceparent(TRACE).get(url);
        outbound.send(request("GET", url, new Header("Traceparent", "own")), PLENTY);
        outbound.traceparent("not\r\na: trace").get(url);

        assertThat(traces).containsExactly("[" + TRACE + "]", "[own]", "[]");
    }

    @Test
    void aRepeatedCallIsKnownByItsKeyUnlessTheGuestHasItsOwn() throws Exception {
        var keys = new ConcurrentLinkedQueue<String>();
        var url = allowed(outbound.serve(request -> {
            keys.add(request.method() + " " + request.headers().getAll("idempotency-key"));
            request.response().end();
        }));
        var first = outbound.calls(9);
        var again = outbound.calls(9);
        var other = outbound.invocation("second").calls(9);

        for (var run : List.of(first, again, other)) {
            run.send(request("POST", url), PLENTY);
            run.send(request("POST", url), PLENTY);
        }
        first.send(request("PUT", url), PLENTY);
        first.send(request("POST", url, new Header("Idempotency-Key", "own")), PLENTY);

        var seen = List.copyOf(keys);
        assertThat(seen.subList(0, 2)).isEqualTo(seen.subList(2, 4));
        assertThat(Set.copyOf(seen.subList(0, 6)))
                .as("two calls of two invocations")
                .hasSize(4);
        assertThat(seen.getFirst())
                .matches("POST \\[[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}]");
        assertThat(seen.subList(6, 8)).containsExactly("PUT []", "POST [own]");
    }

    @Test
    void followsRedirectsAndSaysWhereTheAnswerCameFrom() throws Exception {
        var url = allowed(outbound.serve(request -> {
            switch (request.uri()) {
                case "/a/start" -> redirect(request, 302, "next?x=1");
                case "/a/next?x=1" -> redirect(request, 301, "?y=2");
                case "/a/next?y=2" -> redirect(request, 308, "/end#part");
                default -> echo(request);
            }
        }));

        var response = (Response) outbound.get(url + "/a/start");

        assertThat(summary(response)).startsWith("201 GET /end ");
        assertThat(response.url()).isEqualTo(url + "/end");
    }

    private static void redirect(HttpServerRequest request, int status, String location) {
        request.response().setStatusCode(status).putHeader("Location", location).end("moved");
    }

    @ParameterizedTest
    @CsvSource({
        "301,POST,GET",
        "302,POST,GET",
        "303,POST,GET",
        "303,PUT,GET",
        "307,POST,POST body",
        "308,POST,POST body",
        "302,PUT,PUT body",
        "303,GET,GET body",
    })
    void aRedirectKeepsOrLosesMethodAndBody(int status, String method, String then) throws Exception {
        var sent = new ConcurrentLinkedQueue<String>();
        var url = allowed(outbound.serve(request -> {
            if (request.uri().equals("/")) {
                redirect(request, status, "/end");
            } else {
                request.body().onSuccess(body -> {
                    sent.add((request.method() + " " + body).strip());
                    sent.add("type " + request.getHeader("content-type"));
                    request.response().end();
                });
            }
        }));
        var type = new Header("content-type", "text/plain");
        var request = new OutboundRequest(method, url, List.of(type), "body".getBytes(UTF_8), Redirects.FOLLOW);

        outbound.send(request, PLENTY);

        assertThat(sent).containsExactly(then, then.endsWith("body") ? "type text/plain" : "type null");
    }

    @Test
    void credentialsDoNotFollowToAnotherOrigin() throws Exception {
        var seen = new ConcurrentLinkedQueue<String>();
        var url = allowed(outbound.serve(request -> {
            seen.add(request.authority().host() + " " + request.getHeader("authorization") + " "
                    + request.getHeader("cookie") + " " + request.getHeader("x-kept"));
            switch (request.uri()) {
                case "/" -> redirect(request, 307, "/same");
                case "/same" ->
                    redirect(
                            request,
                            307,
                            "http://other.example:" + request.authority().port() + "/end");
                default -> request.response().end();
            }
        }));

        outbound.send(
                request(
                        "GET",
                        url,
                        new Header("Authorization", "secret"),
                        new Header("Cookie", "c"),
                        new Header("X-Kept", "k")),
                PLENTY);

        assertThat(seen)
                .containsExactly("good.example secret c k", "good.example secret c k", "other.example null null k");
    }

    @Test
    void redirectsAreBounded() throws Exception {
        var url = allowed(outbound.serve(request -> redirect(request, 302, request.uri() + "x")));

        assertThat(summary(outbound.get(url))).isEqualTo("TOO_MANY_REDIRECTS");
    }

    @Test
    void redirectsAreFollowedOnlyOnDemand() throws Exception {
        var url = allowed(outbound.serve(request -> redirect(request, 302, "/x")));
        var manual = new OutboundRequest("GET", url, List.of(), new byte[0], Redirects.MANUAL);
        var error = new OutboundRequest("GET", url, List.of(), new byte[0], Redirects.ERROR);

        assertThat(summary(outbound.send(manual, PLENTY))).isEqualTo("302 moved");
        assertThat(summary(outbound.send(error, PLENTY))).isEqualTo("REDIRECTED");
    }

    @Test
    void anAnswerThatFitsExactlyIsRead() throws Exception {
        var url = allowed(outbound.serve(
                request -> request.response().end(Buffer.buffer(new byte[TestingOutbound.ANSWER_BYTES]))));

        assertThat(((Response) outbound.get(url)).body()).hasSize(TestingOutbound.ANSWER_BYTES);
    }

    @Test
    void anAnswerWithoutEndIsCutAndItsConnectionClosed() throws Exception {
        var piece = Buffer.buffer(new byte[8_192]);
        var url = allowed(outbound.serve(request -> pour(request.response().setChunked(true), piece)));

        assertThat(summary(outbound.get(url))).isEqualTo("TOO_LARGE");
        await().until(() -> outbound.closed.get() == 1);
    }

    private static void pour(HttpServerResponse response, Buffer piece) {
        response.write(piece).onSuccess(written -> pour(response, piece));
    }

    @Test
    void headersOfAnAnswerAreBounded() throws Exception {
        var url = allowed(outbound.serve(request ->
                request.response().putHeader("x", "a".repeat(64 << 10)).end()));

        assertThat(summary(outbound.get(url))).isEqualTo("TOO_LARGE");
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUpAndItsConnectionClosed() throws Exception {
        var url = allowed(outbound.serve(request -> {}));

        var result = outbound.send(request("GET", url), Duration.ofMillis(100));

        assertThat(summary(result)).isEqualTo("TIMED_OUT");
        await().until(() -> outbound.closed.get() == outbound.connections.get());
    }

    /** A byte now and then keeps no call alive. */
    @Test
    void aServerThatDripsIsGivenUp() throws Exception {
        var url = allowed(outbound.serve(request -> {
            var response = request.response().setChunked(true);
            outbound.vertx.setPeriodic(5, tick -> {
                if (!response.closed()) {
                    response.write("a");
                }
            });
        }));

        var result = outbound.send(request("GET", url), Duration.ofMillis(200));

        assertThat(summary(result)).isEqualTo("TIMED_OUT");
        await().until(() -> outbound.closed.get() == outbound.connections.get());
    }

    @Test
    void anInterruptCancelsTheCall() throws Exception {
        var arrived = new CountDownLatch(1);
        var url = allowed(outbound.serve(request -> arrived.countDown()));
        var caller = Thread.currentThread();
        Thread.ofVirtual().start(() -> {
            try {
                arrived.await();
                caller.interrupt();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        assertThatThrownBy(() -> outbound.get(url)).isInstanceOf(InterruptedException.class);

        await().until(() -> outbound.closed.get() == 1);
    }

    @Test
    void theClientIsWholeAfterAnInterrupt() throws Exception {
        var url = allowed(outbound.serve(OutboundClientTest::echo));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> outbound.get(url)).isInstanceOf(InterruptedException.class);

        assertThat(outbound.get(url)).isInstanceOf(Response.class);
    }

    @Test
    void aCallThatHasNoTimeLeftTimesOut() throws Exception {
        var url = allowed(outbound.serve(OutboundClientTest::echo));

        assertThat(summary(outbound.send(request("GET", url), Duration.ofMillis(-5))))
                .isEqualTo("TIMED_OUT");
    }

    @Test
    void aRunMakesNoMoreCallsThanItMay() throws Exception {
        var url = allowed(outbound.serve(OutboundClientTest::echo));
        var calls = outbound.calls(2);
        assertThat(calls.send(request("GET", url), PLENTY)).isInstanceOf(Response.class);
        assertThat(summary(calls.send(request("GET", "nowhere"), PLENTY))).isEqualTo("BAD_REQUEST");

        assertThat(summary(calls.send(request("GET", url), PLENTY))).isEqualTo("TOO_MANY_CALLS");
    }

    @Test
    void aNameWithoutAddressIsSaidSo() throws Exception {
        outbound.allows("nowhere.example");

        assertThat(summary(outbound.get("http://nowhere.example"))).isEqualTo("UNRESOLVED");
    }

    @Test
    void aServerThatIsAwayIsSaidSo() throws Exception {
        var port = outbound.vertx
                .createNetServer()
                .connectHandler(socket -> {})
                .listen(0, "127.0.0.1")
                .compose(server -> server.close().map(server.actualPort()))
                .toCompletionStage()
                .toCompletableFuture()
                .join();

        assertThat(summary(outbound.get(allowed(port)))).isEqualTo("CONNECT_FAILED");
    }

    @Test
    void theNextAddressIsTriedWhereOneDoesNotListen() throws Exception {
        var port = outbound.serve(OutboundClientTest::echo);
        outbound.operatorAllows("127.0.0.0/8").allows("two.example:" + port);
        outbound.resolver.answer("two.example", "127.0.0.9", "127.0.0.1");

        assertThat(summary(outbound.get("http://two.example:" + port))).startsWith("201 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
                "HTTP/3.7 200 OK\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                ""
            })
    void aServerThatBreaksTheProtocolIsSaidSo(String bytes) throws Exception {
        var port = outbound.vertx
                .createNetServer()
                .connectHandler(socket -> socket.handler(request -> socket.end(Buffer.buffer(bytes))))
                .listen(0, "127.0.0.1")
                .map(NetServer::actualPort)
                .toCompletionStage()
                .toCompletableFuture()
                .join();

        assertThat(summary(outbound.get(allowed(port)))).isEqualTo("BROKEN");
    }

    /** Callers on many threads, some of them interrupted: every other call has its own answer. */
    @Test
    void manyCallersGetTheirOwnAnswers() throws Exception {
        var url = allowed(outbound.serve(request -> {
            if (request.uri().startsWith("/never")) {
                return;
            }
            request.response().end(request.uri());
        }));
        try (var threads = Executors.newFixedThreadPool(16)) {
            var calls = IntStream.range(0, 1_000)
                    .mapToObj(i -> threads.submit(() -> i % 10 == 0
                            ? summary(outbound.send(request("GET", url + "/never" + i), Duration.ofMillis(20)))
                            : summary(outbound.get(url + "/" + i))))
                    .toList();

            for (int i = 0; i < calls.size(); i++) {
                assertThat(calls.get(i).get()).isEqualTo(i % 10 == 0 ? "TIMED_OUT" : "200 /" + i);
            }
        }
    }
}
