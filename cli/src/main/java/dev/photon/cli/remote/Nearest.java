package dev.photon.cli.remote;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Chooses among regions: all are asked at once, and who answers first is the nearest. */
final class Nearest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String NOBODY = "";

    private Nearest() {}

    /**
     * The address that answers first. One whose region wants no clients, because it is drained, say, is taken when no
     * other one answers.
     *
     * @param path open to everybody: 200 where clients are welcome
     * @throws RemoteFailure when nobody answers, or one of them is no URL
     */
    static String of(List<String> addresses, String path) throws RemoteFailure {
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
        try {
            var welcome = new CompletableFuture<String>();
            var there = new CompletableFuture<String>();
            var asked = new CompletableFuture<?>[addresses.size()];
            for (int index = 0; index < asked.length; index++) {
                var address = addresses.get(index);
                asked[index] = http.sendAsync(question(address, path), BodyHandlers.discarding())
                        .thenAccept(answer -> (answer.statusCode() == 200 ? welcome : there).complete(address))
                        .exceptionally(away -> null);
            }
            CompletableFuture.allOf(asked).thenRun(() -> welcome.complete(there.getNow(NOBODY)));
            var chosen = welcome.join();
            if (chosen.equals(NOBODY)) {
                throw new RemoteFailure(
                        RemoteFailure.UNAVAILABLE, "no answer from any of " + String.join(", ", addresses));
            }
            return chosen;
        } finally {
            http.shutdownNow();
        }
    }

    private static HttpRequest question(String address, String path) throws RemoteFailure {
        try {
            return HttpRequest.newBuilder(URI.create(address.replaceAll("/+$", "") + path))
                    .timeout(PATIENCE)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new RemoteFailure(RemoteFailure.REFUSED, "'" + address + "' is not a URL");
        }
    }
}
