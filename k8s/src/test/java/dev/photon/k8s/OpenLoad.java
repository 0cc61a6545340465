package dev.photon.k8s;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients of a function that echoes: so many come in a second, whatever became of those before, each to the next ingress.
 * Who gets no answer asks another ingress, once. Thread-safe.
 */
final class OpenLoad implements AutoCloseable {
    /** Longer than any deadline: a client that has heard nothing by then was forgotten. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicLong sent = new AtomicLong();
    private final Queue<Call> ended = new ConcurrentLinkedQueue<>();
    private final List<String> ingresses;
    private final Map<String, URI> functions;
    private final String key;
    private final int perSecond;
    private volatile long arrived;

    /**
     * Begins at once.
     *
     * @param functions where it is called, by the name of the ingress
     */
    OpenLoad(Map<String, URI> functions, String key, int perSecond) {
        this.functions = new TreeMap<>(functions);
        this.ingresses = List.copyOf(this.functions.keySet());
        this.key = key;
        this.perSecond = perSecond;
        clock.scheduleAtFixedRate(this::arrive, 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
    }

    private void arrive() {
        var client = arrived;
        arrived = client + 1;
        clients.execute(() -> {
            try {
                serve(client);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void serve(long client) throws InterruptedException {
        switch (call("client " + client, ingress(client))) {
            case Heard.Refusal refusal -> {
                if (refusal.status() == 503) {
                    never.await(1, TimeUnit.SECONDS);
                }
                call("client " + client + " again", ingress(client + 1));
            }
            case Heard.Break broken -> call("client " + client + " again", ingress(client + 1));
            case Heard.Answer answer -> {}
            case Heard.Nonsense nonsense -> {}
        }
    }

    private String ingress(long client) {
        return ingresses.get((int) (client % ingresses.size()));
    }

    private Heard call(String body, String ingress) throws InterruptedException {
        var request = HttpRequest.newBuilder(functions.get(ingress))
                .header("authorization", "apikey " + key)
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        sent.incrementAndGet();
        var begun = System.nanoTime();
        var heard = heard(request, body);
        ended.add(new Call(body, ingress, begun, System.nanoTime(), heard));
        return heard;
    }

    private Heard heard(HttpRequest request, String body) throws InterruptedException {
        try {
            return heard(http.send(request, HttpResponse.BodyHandlers.ofString()), body);
        } catch (HttpTimeoutException e) {
            return new Heard.Nonsense("nothing for " + PATIENCE.toSeconds() + " s");
        } catch (IOException e) {
            return new Heard.Break(e.toString());
        }
    }

    private static Heard heard(HttpResponse<String> response, String body) {
        var invocation = response.headers().firstValue("photon-invocation-id");
        var version = response.headers().firstValue("photon-version");
        var mayComeAgain = response.headers().firstValue("retry-after").isPresent();
        var status = response.statusCode();
        if (status == 200 && response.body().equals(body) && invocation.isPresent() && version.isPresent()) {
            return new Heard.Answer(invocation.get(), version.get());
        }
        if ((status == 503 && mayComeAgain) || status == 504) {
            return new Heard.Refusal(status, invocation);
        }
        return new Heard.Nonsense("%d %s for '%s'".formatted(status, response.body(), body));
    }

    /** Until the clients of so many seconds have come. */
    void awaitSeconds(int seconds) {
        var enough = arrived + (long) seconds * perSecond;
        await().atMost(Duration.ofSeconds(seconds).plus(PATIENCE)).until(() -> arrived >= enough);
    }

    /** Until a version has answered. */
    void awaitAnswerOf(String version) {
        await().atMost(PATIENCE)
                .until(() -> ended.stream()
                        .anyMatch(call -> call.heard() instanceof Heard.Answer answer
                                && answer.version().equals(version)));
    }

    /** Until each ingress has answered a request that was sent from now on. */
    void awaitAnswersOfAll() {
        awaitAnswersOfAllBut("");
    }

    /** @param name of an ingress, or of something else: then none is left out */
    void awaitAnswersOfAllBut(String name) {
        var now = System.nanoTime();
        await().atMost(PATIENCE)
                .until(() -> ingresses.stream()
                        .filter(ingress -> !ingress.equals(name))
                        .allMatch(ingress -> ended.stream()
                                .anyMatch(call -> call.ingress().equals(ingress)
                                        && call.sent() - now > 0
                                        && call.heard() instanceof Heard.Answer)));
    }

    /** Requests of clients, and those that clients made again. */
    long sent() {
        return sent.get();
    }

    /** Those that have ended, in this order. */
    List<Call> ended() {
        return List.copyOf(ended);
    }

    /** Nobody comes any more, and who is there stays until the end. */
    @Override
    public void close() {
        clock.close();
        clients.close();
        http.close();
    }
}
