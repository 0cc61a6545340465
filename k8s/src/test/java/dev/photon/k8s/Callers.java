package dev.photon.k8s;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/** Clients that call a function all the time, each after its last answer, and again when none could be had in time. */
final class Callers implements AutoCloseable {
    private static final int MANY = 8;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final AtomicLongArray answered = new AtomicLongArray(MANY);
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch ending = new CountDownLatch(1);

    /**
     * @param calls the callers share them, one after the other
     * @param answer what the body must be
     */
    Callers(List<HttpRequest> calls, String answer) {
        for (int i = 0; i < MANY; i++) {
            var caller = i;
            threads.execute(() -> call(caller, calls.get(caller % calls.size()), answer));
        }
    }

    private void call(int caller, HttpRequest request, String answer) {
        try {
            while (ending.getCount() > 0) {
                var response = http.send(request, HttpResponse.BodyHandlers.ofString());
                var later = response.headers().firstValue("retry-after");
                if (response.statusCode() == 200 && response.body().strip().equals(answer)) {
                    answered.incrementAndGet(caller);
                } else if (response.statusCode() == 503 && later.isPresent()) {
                    ending.await(Long.parseLong(later.get()), TimeUnit.SECONDS);
                } else if (response.statusCode() != 504) {
                    failures.add(response.statusCode() + " " + response.body());
                }
            }
        } catch (IOException e) {
            failures.add(request.uri() + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of the caller that had the fewest. */
    long fewestAnswers() {
        return IntStream.range(0, MANY).mapToLong(answered::get).min().orElseThrow();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** A call of everybody, as {@code uri} says. */
    static HttpRequest call(URI uri, String key) {
        return HttpRequest.newBuilder(uri)
                .header("authorization", "apikey " + key)
                .timeout(Duration.ofSeconds(60))
                .build();
    }

    @Override
    public void close() {
        ending.countDown();
        threads.close();
        http.close();
    }
}
