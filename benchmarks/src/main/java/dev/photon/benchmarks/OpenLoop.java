package dev.photon.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls the echo 50 times a second, whether or not earlier calls have their answers. A call's time counts from when it
 * should have been sent, so that a stall of the generator, or a wait for a connection, is not left out.
 */
final class OpenLoop implements AutoCloseable {
    private static final int RATE = 50;
    private static final long GAP = TimeUnit.SECONDS.toNanos(1) / RATE;

    private final HttpClient client = Http.client();
    private final URI url;

    OpenLoop(URI url) {
        this.url = url;
    }

    /**
     * The 95th percentile of all calls within so many seconds, in microseconds.
     *
     * @throws java.util.concurrent.CompletionException when a call was not answered right
     */
    double run(int seconds) {
        var calls = new ArrayList<CompletableFuture<Long>>();
        var began = System.nanoTime();
        for (int i = 0; i < RATE * seconds; i++) {
            var due = began + i * GAP;
            for (long left; (left = due - System.nanoTime()) > 0; ) {
                LockSupport.parkNanos(left);
            }
            calls.add(client.sendAsync(Http.echo(url), HttpResponse.BodyHandlers.ofByteArray())
                    .thenApply(answer -> time(answer, due)));
        }
        return p95(calls);
    }

    private static long time(HttpResponse<byte[]> answer, long due) {
        var time = System.nanoTime() - due;
        try {
            Http.expectOk(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return time;
    }

    private static double p95(List<CompletableFuture<Long>> calls) {
        var nanos = calls.stream().mapToLong(CompletableFuture::join).sorted().toArray();
        return nanos[(int) Math.ceil(0.95 * nanos.length) - 1] / 1e3;
    }

    @Override
    public void close() {
        client.close();
    }
}
