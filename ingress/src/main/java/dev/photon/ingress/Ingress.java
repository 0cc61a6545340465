package dev.photon.ingress;

import dev.photon.metrics.VersionSeries;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.UsageCounters;
import dev.photon.protocol.UsageSender;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.CommandSender;
import dev.photon.registry.FunctionView;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP side of a region. Thread-safe. It answers calls once it is ready: its view of the functions has caught up,
 * and its place in the log of replies is known. On stop it takes no more, waits for what is in flight up to 5 s, and
 * closes in the reverse order of opening.
 */
public final class Ingress {
    private static final Logger LOG = LoggerFactory.getLogger(Ingress.class);
    private static final long SWEEP_MILLIS = 20;
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final RegionConfig region;
    private final IngressConfig config;
    private final PrometheusMeterRegistry meters;
    private final String instance = InvocationIds.next();
    private final PendingReplies pending = new PendingReplies();
    private final AtomicInteger port = new AtomicInteger();
    private final Deque<AutoCloseable> opened = new ConcurrentLinkedDeque<>();
    private volatile boolean ready;

    public Ingress(Vertx vertx, RegionConfig region, IngressConfig config, PrometheusMeterRegistry meters) {
        this.vertx = vertx;
        this.region = region;
        this.config = config;
        this.meters = meters;
    }

    /** Completes when calls are answered; fails, with everything closed again, when they cannot be. */
    public Future<Void> start() {
        return vertx.executeBlocking(this::open)
                .compose(this::listen)
                .onSuccess(listening -> {
                    ready = true;
                    LOG.atInfo()
                            .addKeyValue("instance", instance)
                            .addKeyValue("port", port.get())
                            .log("ingress is ready");
                })
                .recover(failure -> vertx.executeBlocking(this::close).transform(done -> Future.failedFuture(failure)));
    }

    /** Whether calls are answered. */
    public boolean ready() {
        return ready;
    }

    /** The port that is served, once started. */
    public int port() {
        return port.get();
    }

    private HttpRoutes open() throws IOException {
        var topics = region.topics();
        var clock = Clock.systemUTC();
        var metrics = new IngressMetrics(meters);
        var view = keep(new FunctionView(region.kafka(), topics, "ingress"));
        var partition = replyPartition();
        var replies = keep(new ReplyReader(region.kafka(), partition, instance, pending));
        var commandSender = keep(new CommandSender(region, instance));
        var sender = keep(new InvocationSender(region.kafka(), topics.invocations(), instance, pending));
        var admission = new Admission(config.maxInFlight(), config.maxInFlightPerFunction());
        var series = new VersionSeries<CallMeters>(meters, view::has, region.measuredVersions(), CallMeters::new);
        view.listen(series);
        metrics.gauge("photon.ingress.ready", "1 while calls are answered", this, ingress -> ingress.ready ? 1 : 0);
        metrics.gauge(
                "photon.ingress.admission.limit", "Calls that may be in flight", config, IngressConfig::maxInFlight);
        metrics.watch(sender, pending);
        metrics.watch(view);
        metrics.malformed("replies", replies, ReplyReader::malformedRecords);
        metrics.malformed("results", commandSender, CommandSender::malformedRecords);
        var usage = new UsageCounters();
        keep(new UsageSender(region.kafka(), topics.usage(), instance, usage, clock));
        var usageTable = new UsageTable(clock);
        var usageView = keep(new UsageView(region.kafka(), topics, instance, usageTable));
        metrics.malformed("usage", usageView, UsageView::malformedRecords);
        var sweep = vertx.setPeriodic(SWEEP_MILLIS, tick -> pending.sweep(System.nanoTime()));
        opened.push(() -> vertx.cancelTimer(sweep));
        CompletableFuture.allOf(view.ready(), replies.positioned(), commandSender.positioned())
                .join();
        var replyTo = new ReplyTo.Ingress(partition.partition(), instance);
        var access = access(view);
        var commands = new CommandHandler(vertx, commandSender, view, access);
        var artifacts = new ArtifactStore(region.kafka(), topics, config.cache());
        var counters = new CallCounters(metrics, series, usage);
        var handlers = new HttpRoutes.Handlers(
                new InvocationHandler(view, access, admission, pending, sender, replyTo, config, counters),
                new DeployHandler(commands, commandSender, config.maxArtifactBytes()),
                new FunctionsHandler(vertx, view, artifacts, commands, commandSender),
                new KeysHandler(access, view, commands, commandSender),
                new SecretsHandler(config.secrets(), view, commands, commandSender),
                new LogsHandler(vertx, new LogReader(region), region.name(), instance),
                new UsageHandler(vertx, usageTable, usageView::complete, clock));
        return new HttpRoutes(handlers, access, () -> ready, meters, config);
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    /**
     * @throws IllegalStateException when strangers could reach us, and there is no key
     */
    private Access access(FunctionView view) throws UnknownHostException {
        var loopback = InetAddress.getByName(config.host()).isLoopbackAddress();
        var access = new Access(view, config.operatorKey(), loopback);
        if (access.withoutKeys() && !loopback) {
            throw new IllegalStateException("whoever reaches " + config.host()
                    + " could do everything: set PHOTON_API_KEY to a key for yourself, or listen on 127.0.0.1");
        }
        if (access.withoutKeys()) {
            LOG.atWarn()
                    .addKeyValue("host", config.host())
                    .log("there are no keys: whoever reaches this address may do everything");
        }
        return access;
    }

    private TopicPartition replyPartition() {
        var topic = region.topics().responses();
        try (var producer = region.kafka().producer("partitions", Map.of("max.block.ms", "10000"))) {
            var partitions = producer.partitionsFor(topic).size();
            return new TopicPartition(topic, Math.floorMod(instance.hashCode(), partitions));
        }
    }

    private Future<Void> listen(HttpRoutes routes) {
        var uploads = temporaryFolder();
        var options = new DeploymentOptions().setInstances(config.eventLoops());
        return vertx.deployVerticle(() -> new HttpVerticle(routes, uploads), options)
                .onSuccess(id -> opened.push(() -> vertx.undeploy(id)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join()))
                .mapEmpty();
    }

    private Path temporaryFolder() {
        try {
            var folder = Files.createTempDirectory("photon-uploads");
            opened.push(() -> delete(folder));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With the uploads that were going on. */
    private static void delete(Path folder) throws IOException {
        try (var left = Files.newDirectoryStream(folder)) {
            for (var file : left) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    /** One event loop's share of the server; Vert.x spreads the connections over them. */
    private final class HttpVerticle extends AbstractVerticle {
        private final HttpRoutes routes;
        private final Path uploads;

        HttpVerticle(HttpRoutes routes, Path uploads) {
            this.routes = routes;
            this.uploads = uploads;
        }

        @Override
        public void start(Promise<Void> started) {
            var options = new HttpServerOptions()
                    .setHost(config.host())
                    // Port -n is one free port that all who ask for the same n share.
                    .setPort(config.port() == 0 ? -1 : config.port())
                    .setHttp2ClearTextEnabled(false)
                    // No WebSockets: their handlers would look at every request.
                    .setPerFrameWebSocketCompressionSupported(false)
                    .setPerMessageWebSocketCompressionSupported(false)
                    .setIdleTimeout(920)
                    .setTcpNoDelay(true);
            vertx.createHttpServer(options)
                    .requestHandler(routes.router(vertx, uploads.toString()))
                    .listen()
                    .onSuccess(server -> port.set(server.actualPort()))
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }

    /** Completes when everything is closed. */
    public Future<Void> stop() {
        ready = false;
        return vertx.executeBlocking(() -> {
            drain();
            return close();
        });
    }

    private void drain() throws InterruptedException {
        var until = System.nanoTime() + DRAIN.toNanos();
        while (pending.size() > 0 && System.nanoTime() < until) {
            Thread.sleep(10);
        }
    }

    private Void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("part of the ingress did not close");
            }
        }
        return null;
    }
}
