package dev.photon.cli.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The lines of an answer that is still being written; one that falls silent is noticed. For one thread. */
final class AnswerLines implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WAITING = 64;
    /** More than a region takes for one question to its brokers, after each of which it says how far it is. */
    private static final long SILENCE_SECONDS = 60;
    /** More than the region waits by itself until such an answer begins. */
    private static final long BEGIN_SECONDS = 90;

    private final InputStream answer;
    private final BlockingQueue<Optional<String>> lines = new ArrayBlockingQueue<>(WAITING);
    private final Thread thread;

    /** Takes the lines, each a JSON object. */
    interface Reader {
        /**
         * @return whether it was the last
         */
        boolean take(JsonNode line) throws RemoteFailure;
    }

    private AnswerLines(InputStream answer) {
        this.answer = answer;
        this.thread = Thread.ofVirtual().name("answer-lines").start(this::read);
    }

    /**
     * Reads an answer while it is written; when its reader has enough, or fails, the connection is closed.
     *
     * @param client closed with this
     * @param base the server's address
     * @throws RemoteFailure also when the answer ends before its reader had the last line
     */
    static void read(HttpClient client, HttpRequest request, String base, Reader reader)
            throws RemoteFailure, InterruptedException {
        try (var lines = begun(client.sendAsync(request, BodyHandlers.ofInputStream()))) {
            for (var next = lines.next(); next.isPresent(); next = lines.next()) {
                if (reader.take(lenient(next.get()))) {
                    return;
                }
            }
            throw new RemoteFailure(
                    RemoteFailure.UNAVAILABLE, "the answer of " + base + " ended before it was complete");
        } catch (RemoteFailure e) {
            throw e;
        } catch (IOException e) {
            throw Server.unreachable(base, e);
        } finally {
            client.shutdownNow();
        }
    }

    private static AnswerLines begun(CompletableFuture<HttpResponse<InputStream>> asked)
            throws IOException, InterruptedException {
        try {
            var answer = asked.get(BEGIN_SECONDS, TimeUnit.SECONDS);
            if (answer.statusCode() < 300) {
                return new AnswerLines(answer.body());
            }
            throw Server.failure(answer.statusCode(), answer.body().readAllBytes());
        } catch (TimeoutException e) {
            throw new IOException(silent(BEGIN_SECONDS), e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        }
    }

    /** Half a line, before the one that says why, tells nothing. */
    private static JsonNode lenient(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    private void read() {
        try {
            readAll();
            lines.put(Optional.empty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** That the connection broke shows by what is missing. */
    private void readAll() throws InterruptedException {
        try (var reader = new BufferedReader(new InputStreamReader(answer, UTF_8))) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.put(Optional.of(line));
            }
        } catch (IOException e) {
            // Said by whoever misses the rest.
        }
    }

    /** Waits for the next one; empty when there is none any more. */
    private Optional<String> next() throws IOException, InterruptedException {
        var next = lines.poll(SILENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new IOException(silent(SILENCE_SECONDS));
        }
        return next;
    }

    private static String silent(long seconds) {
        return "nothing came for " + seconds + " s";
    }

    @Override
    public void close() throws IOException {
        thread.interrupt();
        answer.close();
    }
}
