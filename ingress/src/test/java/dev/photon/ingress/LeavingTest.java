package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that is about to end lets its clients go one by one. */
class LeavingTest {
    private static final Duration A_MOMENT = Duration.ofSeconds(3);

    private TestingServer server;

    @BeforeEach
    void start() {
        server = TestingServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anAnswerThatIsDueIsTheLastOfItsConnection() throws Exception {
        try (var client = server.connect().get("/later")) {
            var request = server.begun();
            var gone = server.connections().leave();
            server.pass(Duration.ofSeconds(30));
            assertThat(gone).isNotDone();

            TestingServer.answer(request, "done");

            var answer = client.answer();
            assertThat(answer.body()).isEqualTo("done");
            assertThat(answer.isLast()).isTrue();
            assertThat(client.drain()).isZero();
            gone.join();
        }
    }

    @Test
    void noNewConnectionIsTaken() throws Exception {
        try (var client = server.connect().get("/later")) {
            var request = server.begun();

            server.connections().leave();

            Awaitility.await().until(server.connections()::isLeaving);
            assertThatThrownBy(server::connect).isInstanceOf(IOException.class);
            TestingServer.answer(request, "done");
            client.answer();
        }
    }

    @Test
    void aRequestThatStillComesIsAnswered() throws Exception {
        try (var client = server.connect().get("/echo")) {
            client.answer();
            var gone = server.connections().leave();
            Awaitility.await().until(server.connections()::isLeaving);

            var answer = client.get("/echo").answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.isLast()).isTrue();
            gone.join();
        }
    }

    @Test
    void aConnectionWithNothingToDoIsClosed() throws Exception {
        try (var client = server.connect().get("/echo")) {
            client.answer();
            var gone = server.connections().leave();
            Awaitility.await().until(server.connections()::isLeaving);

            server.pass(A_MOMENT);

            assertThat(client.drain()).isZero();
            gone.join();
        }
    }

    @Test
    void anHttp2ConnectionEndsWithItsLastStream() throws Exception {
        var options =
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);
        var client = server.vertx().createHttpClient(options, new PoolOptions().setHttp2MaxSize(1));
        var request = TestingServer.join(client.request(
                new RequestOptions().setHost("127.0.0.1").setPort(server.port()).setURI("/later")));
        var told = new CountDownLatch(1);
        request.connection().goAwayHandler(goAway -> told.countDown());
        var waiting = request.response().compose(HttpClientResponse::body);
        request.send();
        var held = server.begun();

        var gone = server.connections().leave();
        told.await();
        server.pass(A_MOMENT);

        assertThat(gone).isNotDone();
        TestingServer.answer(held, "done");
        assertThat(TestingServer.join(waiting)).hasToString("done");
        gone.join();
        TestingServer.join(client.close());
    }

    /** Clients that never pause: whatever they sent is answered in full, and then they know that it was the last. */
    @Test
    void underLoadNoAnswerIsBroken() throws Exception {
        var unanswered = new ConcurrentLinkedQueue<String>();
        var busy = new CountDownLatch(400);
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var ends = new ArrayList<Future<Void>>();
            for (var i = 0; i < 20; i++) {
                Callable<Void> load = () -> {
                    load(busy, unanswered);
                    return null;
                };
                ends.add(clients.submit(load));
            }
            busy.await();

            var gone = server.connections().leave();

            for (var end : ends) {
                end.get();
            }
            gone.join();
        }
        assertThat(unanswered).isEmpty();
    }

    private void load(CountDownLatch busy, ConcurrentLinkedQueue<String> unanswered) throws IOException {
        try (var client = server.connect()) {
            for (var i = 0; ; i++) {
                var body = "request " + i;
                client.send("POST /echo HTTP/1.1\r\nhost: test\r\ncontent-length: %d\r\n\r\n%s"
                        .formatted(body.length(), body));
                var answer = client.answer();
                if (answer.status() != 200 || !answer.body().equals(body)) {
                    unanswered.add(body);
                }
                busy.countDown();
                if (answer.isLast()) {
                    return;
                }
            }
        } catch (IOException e) {
            unanswered.add(e.toString());
        }
    }
}
