package dev.photon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client sees while the log is away, and afterwards. */
class BrokerOutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path data;

    private int port;
    private ChildProcess broker;
    private PhotonTester photon;

    @BeforeEach
    void start() throws Exception {
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        broker = BrokerProcess.start(data, port);
        photon = PhotonTester.start("127.0.0.1:" + port);
        photon.deployGuest("echo");
        assertThat(photon.post("/fn/echo", "before").body()).isEqualTo("before");
    }

    @AfterEach
    void stop() throws Exception {
        photon.close();
        broker.close();
    }

    @Test
    void refusesAtOnceWhileTheBrokerIsFrozenAndServesWhenItGoesOn() throws Exception {
        broker.freeze();
        var waiting = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        waiting.add(call());

        await().atMost(PATIENCE).until(() -> {
            var probe = call();
            waiting.add(probe);
            return refusedBefore(waiting.getFirst(), probe);
        });
        broker.thaw();

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(photon.post("/fn/echo", "after").body()).isEqualTo("after"));
        for (var call : waiting) {
            assertThat(call.get().statusCode()).isIn(200, 503);
        }
    }

    /** Refused while the first, which found the broker frozen, still waits for it. */
    private static boolean refusedBefore(
            CompletableFuture<HttpResponse<String>> first, CompletableFuture<HttpResponse<String>> probe) {
        var answer =
                probe.copy().completeOnTimeout(null, 200, TimeUnit.MILLISECONDS).join();
        return answer != null && !first.isDone() && isRefusal(answer);
    }

    private static boolean isRefusal(HttpResponse<String> answer) {
        return answer.statusCode() == 503
                && answer.headers().firstValue("retry-after").isPresent()
                && answer.headers().firstValue("content-type").equals(Optional.of("application/problem+json"));
    }

    @Test
    void servesAgainByItselfWhenAKilledBrokerIsBack() throws Exception {
        broker.kill();
        await().atMost(PATIENCE).until(() -> isRefusal(call().get()));

        broker = BrokerProcess.start(data, port);

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(photon.post("/fn/echo", "after").body()).isEqualTo("after"));
        photon.deployGuest("status");
        assertThat(photon.get("/fn/status").statusCode()).isNotEqualTo(503);
    }

    @Test
    void doesNotTakeWhatItDoesNotKnowToWaitForNothing() throws Exception {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lags())
                        .isNotEmpty()
                        .allSatisfy(lag -> assertThat(lag).isEqualTo("0.0")));

        broker.kill();

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(lags()).allSatisfy(lag -> assertThat(lag).isEqualTo("NaN")));
    }

    private List<String> lags() throws Exception {
        return photon.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("photon_executor_lag{"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .toList();
    }

    private CompletableFuture<HttpResponse<String>> call() {
        var request = HttpRequest.newBuilder(photon.url("/fn/echo"))
                .POST(HttpRequest.BodyPublishers.ofString("during"))
                .build();
        return photon.http().sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }
}
