package dev.photon.ingress.overflow;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks each of the other regions whether it answers calls, and measures how long that takes. Thread-safe. */
public final class Probes {
    /** How often {@link #ask} is to be called. */
    public static final int PERIOD_MILLIS = 2_000;

    /** A field of the answer where the ingress lives, and its region's log takes no calls. */
    public static final String STUCK = "photon-log-stuck";

    /** A field of the answer where calls had better go to other regions. */
    public static final String DRAINING = "photon-draining";

    /** A field of the answer that says how much there is that other regions must come to know. */
    public static final String CHANGES = "photon-changes";

    private static final Logger LOG = LoggerFactory.getLogger(Probes.class);

    /** Open to everybody, and cheap. */
    private static final String PATH = "/api/faas/v1/ready";

    private static final String REGION = "photon-region";
    private static final int TIMEOUT_MILLIS = 2_000;

    private final Supplier<HttpClient> client;
    private final OtherRegions regions;
    /** Where no answer came yet. */
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    private record Answer(HttpClientResponse response, Duration roundTrip, Instant asked) {}

    /**
     * @param client for the thread that asks
     */
    public Probes(Supplier<HttpClient> client, OtherRegions regions) {
        this.client = client;
        this.regions = regions;
    }

    /** Asks those that have answered the time before. Never blocks. */
    public void ask() {
        for (var region : regions.all()) {
            if (asked.add(region.name())) {
                ask(region);
            }
        }
    }

    private void ask(OtherRegion region) {
        var options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(region.host())
                .setPort(region.port())
                .setSsl(region.isSecure())
                .setTimeout(TIMEOUT_MILLIS)
                .setURI(PATH);
        // So that what is thrown, by a client that was just closed, is a failure like any other.
        Future.succeededFuture()
                .compose(now -> client.get().request(options))
                .compose(Probes::measure)
                .onSuccess(answer -> note(region, answer))
                .onFailure(failure -> failed(region, failure))
                .onComplete(done -> {
                    region.probed();
                    asked.remove(region.name());
                });
    }

    /** From when there is a connection: to open one takes several round trips. */
    private static Future<Answer> measure(HttpClientRequest request) {
        var asked = Instant.now();
        var sent = System.nanoTime();
        return request.send()
                .compose(response -> {
                    var roundTrip = Duration.ofNanos(System.nanoTime() - sent);
                    return response.end().map(ended -> new Answer(response, roundTrip, asked));
                })
                // The request's own time-out ends with the head.
                .timeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .onFailure(late -> request.reset());
    }

    private static void note(OtherRegion region, Answer answer) {
        var before = region.state();
        var complaint = complaint(region, answer.response());
        if (!complaint.isEmpty()) {
            region.unready();
        } else if (answer.response().headers().contains(DRAINING)) {
            region.draining(answer.roundTrip());
        } else {
            region.measured(answer.roundTrip());
        }
        if (isOf(region, answer.response())) {
            changes(answer.response()).ifPresent(stamp -> region.has(stamp, answer.asked()));
        }
        tell(region, before, complaint);
    }

    private static boolean isOf(OtherRegion region, HttpClientResponse response) {
        var name = response.getHeader(REGION);
        return name == null || name.equals(region.name());
    }

    private static OptionalLong changes(HttpClientResponse response) {
        try {
            var text = response.getHeader(CHANGES);
            return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Why calls should not go there; empty when they may. */
    private static String complaint(OtherRegion region, HttpClientResponse response) {
        if (!isOf(region, response)) {
            return "it says that it is " + response.getHeader(REGION);
        }
        if (response.statusCode() != 200) {
            return "it answers with status " + response.statusCode();
        }
        return response.headers().contains(STUCK) ? "its event log does not take requests now" : "";
    }

    private static void failed(OtherRegion region, Throwable failure) {
        var before = region.state();
        region.failed();
        tell(region, before, String.valueOf(failure.getMessage()));
    }

    private static void tell(OtherRegion region, String before, String reason) {
        if (!region.state().equals(before)) {
            LOG.atInfo()
                    .addKeyValue("region", region.name())
                    .addKeyValue("state", region.state())
                    .addKeyValue("reason", reason)
                    .log("another region's state");
        }
    }
}
