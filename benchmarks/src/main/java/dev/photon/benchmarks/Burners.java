package dev.photon.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Callers that each send their next request when they have their answer. */
final class Burners implements AutoCloseable {
    private final HttpClient client = Http.client();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicLong finished = new AtomicLong();
    private final HttpRequest request;
    private final List<CompletableFuture<Void>> callers;
    private final long began = System.nanoTime();
    private volatile boolean closed;
    private long took;

    Burners(URI work, int count) {
        request = Http.get(work);
        callers = Stream.generate(() -> CompletableFuture.runAsync(this::call, threads))
                .limit(count)
                .toList();
    }

    private void call() {
        while (!closed) {
            try {
                Http.expectOk(client.send(request, HttpResponse.BodyHandlers.ofByteArray()));
                finished.incrementAndGet();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Calls a second, from the first one's sending to the last one's answer. To be asked after {@link #close}. */
    double throughput() {
        return finished.get() * 1e9 / took;
    }

    /**
     * Waits for the answers that are still to come, so that nothing computes afterwards.
     *
     * @throws java.util.concurrent.CompletionException when a call was not answered right
     */
    @Override
    public void close() {
        closed = true;
        try (client;
                threads) {
            callers.forEach(CompletableFuture::join);
            took = System.nanoTime() - began;
        }
    }
}
