package dev.photon.ingress;

import dev.photon.ingress.overflow.Hearsay;
import dev.photon.ingress.overflow.OtherRegion;
import dev.photon.ingress.overflow.OtherRegions;
import dev.photon.ingress.overflow.Probes;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.RegionConfig;
import dev.photon.registry.Placement;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where calls go that this region cannot answer: over HTTP to another one's ingress, before anything of them is on a log.
 * Thread-safe.
 */
final class Overflow implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Overflow.class);
    private static final int CONNECT_MILLIS = 2_000;
    private static final int CLOSE_SECONDS = 5;

    /** Shorter than an ingress's own, so that it is rarely the other side that closes. */
    private static final int KEEP_ALIVE_SECONDS = 30;

    /** As of an ingress's connections: longer than any function may run. */
    private static final int IDLE_SECONDS = 920;

    /** After which a forwarded stream ends from whose region nothing comes, no signs of life or no answers to probes. */
    static final Duration SILENCE = Duration.ofSeconds(20);

    /** In that time. */
    private static final int LOOKS = 20;

    /** Of an answer: what the other ingress adds to what a function may say. */
    private static final int MAX_FIELDS_BYTES = 1 << 20;

    private final String region;
    private final Vertx vertx;
    private final LoopClients clients;
    private final OtherRegions regions;
    private final ForwardMeters meters;
    private final Set<Forwarding> underWay = ConcurrentHashMap.newKeySet();
    private final Optional<HopSeal> seal;
    private final Sight sight;
    private final long timer;

    /**
     * What decisions are made by.
     *
     * @param hearsay of the others
     * @param outlook of this region
     * @param silence how long nothing may come of a stream whose region does not answer
     */
    record Sight(Hearsay hearsay, Outlook outlook, Duration silence) {}

    /** What is known of this region's executors. */
    interface Outlook {
        /**
         * Whether a call that is sent now most likely gets no answer in time; {@code false} where that is not known.
         *
         * @param millis that the answer is wanted
         */
        boolean isLate(String pool, long millis);
    }

    private Overflow(
            String region,
            Vertx vertx,
            LoopClients clients,
            OtherRegions regions,
            ForwardMeters meters,
            Optional<HopSeal> seal,
            Sight sight) {
        this.region = region;
        this.vertx = vertx;
        this.clients = clients;
        this.regions = regions;
        this.meters = meters;
        this.seal = seal;
        this.sight = sight;
        var probes = new Probes(clients::ofThisLoop, regions);
        this.timer = vertx.setPeriodic(1, Probes.PERIOD_MILLIS, tick -> probes.ask());
    }

    /**
     * @throws IllegalArgumentException when the file of certificates cannot be used
     */
    static Overflow open(Vertx vertx, RegionConfig region, IngressConfig config, Sight sight, MeterRegistry meters) {
        var options = options();
        config.regionsCa().ifPresent(file -> options.setTrustOptions(trust(file, vertx)));
        // Each call that was admitted may need one.
        var connections = new PoolOptions().setHttp1MaxSize(config.maxInFlight());
        var clients = new LoopClients(vertx, config.eventLoops(), options, connections);
        var regions = new OtherRegions(region.others(), sight.hearsay());
        var forwarded = new ForwardMeters(meters, regions.all());
        var seal = config.operatorKey().map(HopSeal::new);
        return new Overflow(region.name(), vertx, clients, regions, forwarded, seal, sight);
    }

    private static HttpClientOptions options() {
        return new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setConnectTimeout(CONNECT_MILLIS)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setIdleTimeout(IDLE_SECONDS)
                .setMaxHeaderSize(MAX_FIELDS_BYTES)
                .setTcpNoDelay(true);
    }

    private static PemTrustOptions trust(Path file, Vertx vertx) {
        var options = new PemTrustOptions().addCertPath(file.toString());
        try {
            options.getTrustManagerFactory(vertx);
        } catch (Exception e) {
            throw new IllegalArgumentException("the certificates in " + file + " cannot be used: " + e.getMessage(), e);
        }
        return options;
    }

    /** This region's name. */
    String region() {
        return region;
    }

    List<OtherRegion> others() {
        return regions.all();
    }

    /**
     * Where a version can be called, the nearest first; last of all where no more calls are wanted than must be.
     *
     * @param hop of the call; one that comes from another region goes no further
     */
    List<OtherRegion> way(Placement placement, Optional<Hop> hop) {
        return hop.isPresent() ? List.of() : regions.nearest(placement::includes);
    }

    /** Where a version had better be called than here, for all that is known; none when here is as good. */
    List<OtherRegion> better(Placement placement, String pool, Optional<Hop> hop, long millis) {
        var leaves = sight.hearsay().isDraining(region) || sight.outlook().isLate(pool, millis);
        return leaves
                ? way(placement, hop).stream()
                        .filter(other -> !other.isDraining())
                        .toList()
                : List.of();
    }

    /** The same as {@link #way}, with the region that a version comes from before all others: they may be waiting for it, too. */
    List<OtherRegion> way(Placement placement, Optional<Hop> hop, String origin) {
        return way(placement, hop).stream()
                .sorted(Comparator.comparing(
                        (OtherRegion other) -> !other.name().equals(origin)))
                .toList();
    }

    /** How a call has come here, when it was from another region. */
    Optional<Hop> hop(HttpServerRequest request) {
        return Hop.of(request, seal);
    }

    /** A request to another region's ingress, whose head and body are not sent yet. */
    Future<HttpClientRequest> request(Leaving call, OtherRegion to) {
        var options = Outgoing.options(call.request(), to).putHeader(Http.FORWARDED, hop(call, to));
        // So that what is thrown, by a client that was just closed, is a failure like any other.
        return Future.succeededFuture().compose(now -> clients.ofThisLoop().request(options));
    }

    private String hop(Leaving call, OtherRegion to) {
        // Without a proof it would not be believed.
        var line = call.hop(region, to, seal.isPresent()).text();
        return seal.map(ours -> ours.seal(line, call.request().path())).orElse(line);
    }

    /** How long nothing may come of a stream whose region does not answer, or which should show signs of life. */
    Duration silence() {
        return sight.silence();
    }

    /** How often it is looked whether a region still takes calls of which one is there. */
    long lookMillis() {
        return Math.max(1, sight.silence().toMillis() / LOOKS);
    }

    /**
     * Sends a call to the first of these regions that can be reached; that, or a problem, is its answer. Called on the
     * request's event loop, which has not read anything of the body.
     */
    void forward(Leaving call, List<OtherRegion> way) {
        new Forwarding(this, call, way.iterator()).begin();
    }

    ForwardMeters meters() {
        return meters;
    }

    void begun(Forwarding call) {
        underWay.add(call);
    }

    void over(Forwarding call) {
        underWay.remove(call);
    }

    /** Calls that are forwarded and not answered yet. */
    int underWay() {
        return underWay.size();
    }

    /** Answers what waits, as there will be no better answer. */
    void failAll(ErrorKind kind, String message) {
        underWay.forEach(call -> call.failFrom(kind, message));
    }

    /** Cuts what is under way. */
    @Override
    public void close() {
        vertx.cancelTimer(timer);
        await(clients.close());
    }

    /** Not for ever: whatever a connection is at, its process ends. */
    private static void await(Future<?> closed) {
        try {
            closed.toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().addKeyValue("error", e.toString()).log("connections to other regions did not close");
        }
    }
}
