package dev.photon.ingress;

import dev.photon.ingress.deadletters.DeadLetterReader;
import dev.photon.ingress.deadletters.DeadLetterSender;
import dev.photon.ingress.overflow.Hearsay;
import dev.photon.ingress.scaler.Congestion;
import dev.photon.ingress.scaler.Declared;
import dev.photon.ingress.scaler.RunTimes;
import dev.photon.metrics.VersionSeries;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.UsageCounters;
import dev.photon.protocol.UsageSender;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.CommandSender;
import dev.photon.registry.EntryTopic;
import dev.photon.registry.FunctionView;
import dev.photon.registry.RegionState;
import dev.photon.registry.Trigger;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP side of a region. Thread-safe. It answers calls once it is ready: its view of the functions has caught up,
 * and its place in the log of replies is known. On stop it takes no more connections, answers what comes on those that there are
 * until each has had its last answer, and closes in the reverse order of opening.
 */
public final class Ingress implements Declared {
    private static final Logger LOG = LoggerFactory.getLogger(Ingress.class);
    private static final long SWEEP_MILLIS = 20;
    private static final long LOOK_MILLIS = 1_000;
    private static final long TLS_MILLIS = 10_000;
    private static final String STOPPED = "this ingress stopped before the answer came; the call may still run";

    private final Vertx vertx;
    private final Connections connections;
    private final RegionConfig region;
    private final IngressConfig config;
    private final RunTimes runTimes;
    private final PrometheusMeterRegistry meters;
    private final String instance = InvocationIds.next();
    private final PendingReplies pending = new PendingReplies();
    private final OutstandingCalls outstanding = new OutstandingCalls();
    private final AtomicInteger port = new AtomicInteger();
    private final Deque<AutoCloseable> opened = new ConcurrentLinkedDeque<>();
    private volatile Phase phase = Phase.STARTING;
    private volatile Optional<FunctionView> view = Optional.empty();
    /** Empty when there is no other region. */
    private volatile Optional<Overflow> overflow = Optional.empty();

    /**
     * @param vertx made by {@code connections}
     * @param runTimes told of every reply
     */
    public Ingress(
            Vertx vertx,
            Connections connections,
            RegionConfig region,
            IngressConfig config,
            RunTimes runTimes,
            PrometheusMeterRegistry meters) {
        this.vertx = vertx;
        this.connections = connections;
        this.region = region;
        this.config = config;
        this.runTimes = runTimes;
        this.meters = meters;
    }

    /** Completes when calls are answered; fails, with everything closed again, when they cannot be. */
    public Future<Void> start() {
        return vertx.executeBlocking(() -> {
                    // First, as it is wrong more often than the rest.
                    var tls = connections.config().tls().map(files -> Tls.open(files, vertx));
                    return open(tls);
                })
                .compose(this::listen)
                .onSuccess(listening -> {
                    phase = Phase.SERVING;
                    LOG.atInfo()
                            .addKeyValue("instance", instance)
                            .addKeyValue("port", port.get())
                            .log("ingress is ready");
                })
                .recover(failure -> vertx.executeBlocking(this::close).transform(done -> Future.failedFuture(failure)));
    }

    /** Whether calls are answered. */
    public boolean ready() {
        return phase == Phase.SERVING;
    }

    /** As far as is known; none before the start. */
    @Override
    public List<Trigger> triggers() {
        return view.map(FunctionView::triggers).orElse(List.of());
    }

    /** As far as is known; none before the start. */
    @Override
    public List<EntryTopic> entries() {
        return view.map(FunctionView::entries).orElse(List.of());
    }

    /** The port that is served, once started. */
    public int port() {
        return port.get();
    }

    private record Opened(Function<Router, FrontDoor> door, HttpRoutes routes, Optional<Tls> tls) {}

    private Opened open(Optional<Tls> tls) throws IOException {
        var topics = region.topics();
        var clock = Clock.systemUTC();
        var metrics = new IngressMetrics(meters);
        var view = keep(new FunctionView(region, "ingress"));
        this.view = Optional.of(view);
        var partition = replyPartition();
        var replies = keep(new ReplyReader(region.kafka(), partition, instance, pending, outstanding, runTimes));
        var commandSender = keep(new CommandSender(region, instance));
        var sender = keep(new InvocationSender(region.kafka(), region.plan(), instance, pending));
        var uploads = keep(new BodyUploads(region.kafka(), topics.bodies(), instance));
        var answers = keep(new AnswerStreams(
                region.kafka(), new TopicPartition(topics.bodies(), partition.partition()), instance));
        var admission = new Admission(config.maxInFlight(), config.maxInFlightPerFunction());
        var later = new Admission(config.maxInFlight(), config.maxAsyncPerFunction());
        var series = new VersionSeries<CallMeters>(meters, view::has, region.measuredVersions(), CallMeters::new);
        view.listen(series);
        metrics.gauge("photon.ingress.ready", "1 while calls are answered", this, ingress -> ingress.ready() ? 1 : 0);
        metrics.gauge(
                "photon.ingress.admission.limit", "Calls that may be in flight", config, IngressConfig::maxInFlight);
        metrics.watch(sender, pending);
        metrics.gauge(
                "photon.ingress.async.outstanding",
                "Calls that were taken for an answer later, and of which it is not known that they have ended",
                outstanding,
                OutstandingCalls::size);
        metrics.watch(view);
        metrics.watch(connections);
        metrics.malformed("replies", replies, ReplyReader::malformedRecords);
        metrics.malformed("results", commandSender, CommandSender::malformedRecords);
        var results = keep(new ResultReader(region.kafka(), topics.results(), instance));
        metrics.malformed("stored", results, ResultReader::malformedRecords);
        var usage = new UsageCounters();
        keep(new UsageSender(region.kafka(), topics.usage(), instance, usage, clock));
        var usageTable = new UsageTable(clock);
        var usageView = keep(new UsageView(region.kafka(), topics, instance, usageTable));
        metrics.malformed("usage", usageView, UsageView::malformedRecords);
        every(SWEEP_MILLIS, () -> {
            pending.sweep(System.nanoTime());
            outstanding.sweep(System.nanoTime());
        });
        every(LOOK_MILLIS, () -> answers.look(System.nanoTime()));
        CompletableFuture.allOf(view.ready(), replies.positioned(), answers.positioned(), commandSender.positioned())
                .join();
        var replyTo = new ReplyTo.Ingress(partition.partition(), instance);
        var channels = new Exchange.Channels(
                pending, outstanding, sender, uploads, answers, replyTo, "/photon/ingress/" + instance);
        var access = access(view);
        var commands = new CommandHandler(vertx, commandSender, view, access);
        var artifacts = new ArtifactStore(region.kafka(), topics, config.cache());
        var sites = new Sites(vertx, artifacts);
        var counters = new CallCounters(metrics, series, usage);
        var files = new StaticFiles(sites, new HotFiles(vertx), counters);
        var hearsay = hearsay(view);
        overflow = region.others().isEmpty() ? Optional.empty() : Optional.of(overflow(hearsay));
        var invocations = new InvocationHandler(
                view,
                new InvocationHandler.Entrance(access, admission, later, counters),
                channels,
                config,
                files,
                overflow);
        var handlers = new HttpRoutes.Handlers(
                new DeployHandler(commands, commandSender, config),
                new FunctionsHandler(vertx, view, artifacts, sites, commands, commandSender),
                new TriggersHandler(
                        vertx, view, keep(new TriggerReader(region.kafka().admin(), topics)), commands, commandSender),
                new KeysHandler(access, view, commands, commandSender),
                new SecretsHandler(config.secrets(), view, commands, commandSender),
                new EntriesHandler(region.plan(), view, commands, commandSender),
                new LogsHandler(vertx, new LogReader(region), region.name(), instance),
                new DeadLettersHandler(
                        vertx, view, new DeadLetterReader(region), keep(new DeadLetterSender(region, instance))),
                new ReplayHandler(vertx, view, region.plan(), channels),
                new UsageHandler(vertx, usageTable, usageView::complete, clock),
                new RegionsHandler(
                        new OwnRegion(region.name(), region.url(), hearsay, sender::stuck),
                        overflow.map(Overflow::others).orElse(List.of())),
                new ResultsHandler(access, results, region.plan().resultTime(), clock),
                new DrainHandler(commands, commandSender));
        return new Opened(
                router -> new FrontDoor(view, invocations, () -> phase, router, overflow.map(Overflow::region)),
                new HttpRoutes(handlers, access, () -> phase, meters, config),
                tls);
    }

    private static Hearsay hearsay(FunctionView view) {
        return new Hearsay() {
            @Override
            public Optional<RegionState> wished(String name) {
                return view.wished(name);
            }

            @Override
            public long known(String name) {
                return view.known(name);
            }
        };
    }

    private Overflow overflow(Hearsay hearsay) {
        var congestion = keep(Congestion.open(region));
        every(Congestion.PERIOD_MILLIS, congestion::look);
        var sight = new Overflow.Sight(hearsay, congestion::isLate, Overflow.SILENCE);
        return keep(Overflow.open(vertx, region, config, sight, meters));
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

    /** One whose number both replies and the bodies of large answers have. */
    private TopicPartition replyPartition() {
        var topic = region.topics().responses();
        try (var producer = region.kafka().producer("partitions", Map.of("max.block.ms", "10000"))) {
            var partitions = Math.min(
                    producer.partitionsFor(topic).size(),
                    producer.partitionsFor(region.topics().bodies()).size());
            return new TopicPartition(topic, Math.floorMod(instance.hashCode(), partitions));
        }
    }

    private Future<Void> listen(Opened opened) {
        var uploads = temporaryFolder().toString();
        var listener = new HttpListener(
                vertx,
                new HttpListener.Address(config.host(), config.port(), config.eventLoops()),
                opened.tls().map(Tls::certificate),
                () -> opened.door().apply(opened.routes().router(vertx, uploads)));
        return listener.listen()
                .onSuccess(id -> {
                    port.set(listener.port());
                    keep(() -> vertx.undeploy(id)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .join());
                    every(connections.tickMillis(), connections::tick);
                    opened.tls().ifPresent(tls -> every(TLS_MILLIS, () -> tls.look(listener)));
                })
                .mapEmpty();
    }

    private void every(long millis, Runnable task) {
        var timer = vertx.setPeriodic(millis, tick -> task.run());
        keep(() -> vertx.cancelTimer(timer));
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

    /** Completes when everything is closed. */
    public Future<Void> stop() {
        var served = phase == Phase.SERVING;
        phase = Phase.LEAVING;
        return vertx.executeBlocking(() -> {
            if (served) {
                leave();
            }
            phase = Phase.STOPPED;
            return close();
        });
    }

    private void leave() throws InterruptedException {
        var gone = connections.leave();
        if (!isDone(gone, Duration.ofMillis(connections.config().graceMillis()))) {
            pending.failAll(ErrorKind.UNAVAILABLE, STOPPED);
            overflow.ifPresent(forwarded -> forwarded.failAll(ErrorKind.UNAVAILABLE, STOPPED));
            if (!isDone(gone, Connections.LAST_WORDS)) {
                LOG.atWarn().addKeyValue("connections", connections.count()).log("connections are cut at the end");
            }
        }
    }

    private static boolean isDone(CompletableFuture<Void> gone, Duration within) throws InterruptedException {
        try {
            gone.get(within.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
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
