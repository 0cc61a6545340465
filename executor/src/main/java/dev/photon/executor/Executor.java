package dev.photon.executor;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.photon.executor.outbound.OutboundClient;
import dev.photon.executor.wasm.CodeStore;
import dev.photon.executor.wasm.Engine;
import dev.photon.executor.wasm.GuestThreads;
import dev.photon.executor.wasm.Watchdog;
import dev.photon.metrics.VersionSeries;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Topics;
import dev.photon.protocol.UsageCounters;
import dev.photon.protocol.UsageSender;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.FunctionView;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side of a region that runs functions. Thread-safe. On stop each partition drains within its budget, what is
 * finished is committed, and everything closes in the reverse order of opening.
 */
public final class Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);

    /** What a function that still runs at the end gets before it is interrupted. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private static final int MAX_COMPILED_AHEAD = 1_000;

    /** How often the ends of partitions are asked for; an autoscaler looks every few seconds. */
    private static final long BACKLOG_MILLIS = 2_000;

    /** How often functions are looked after that are to be ready before they are called. */
    private static final long WARM_MILLIS = 500;

    private final Vertx vertx;
    private final RegionConfig region;
    private final ExecutorConfig config;
    private final MeterRegistry meters;
    private final Optional<GuestRunner> runner;
    private final String instance = InvocationIds.next();
    private final Malformed malformed = new Malformed();
    private final Load load = new Load();
    /** The invocations' first. */
    private volatile List<Consumers> consumers = List.of();

    private final Deque<AutoCloseable> opened = new ConcurrentLinkedDeque<>();

    public Executor(Vertx vertx, RegionConfig region, ExecutorConfig config, MeterRegistry meters) {
        this(vertx, region, config, meters, Optional.empty());
    }

    /**
     * @param runner what happens to an invocation once its function is there
     */
    public Executor(Vertx vertx, RegionConfig region, ExecutorConfig config, MeterRegistry meters, GuestRunner runner) {
        this(vertx, region, config, meters, Optional.of(runner));
    }

    private Executor(
            Vertx vertx,
            RegionConfig region,
            ExecutorConfig config,
            MeterRegistry meters,
            Optional<GuestRunner> runner) {
        this.vertx = vertx;
        this.region = region;
        this.config = config;
        this.meters = meters;
        this.runner = runner;
    }

    /** Completes when every consumer has joined its group; fails, with everything closed again, when one cannot. */
    public Future<Void> start() {
        return vertx.executeBlocking(this::open)
                .compose(this::join)
                .onSuccess(
                        joined -> LOG.atInfo().addKeyValue("instance", instance).log("executor is ready"))
                .recover(failure -> vertx.executeBlocking(this::close).transform(done -> Future.failedFuture(failure)));
    }

    /** Whether invocations are taken, of every topic. */
    public boolean ready() {
        return !consumers.isEmpty() && consumers.stream().allMatch(Consumers::ready);
    }

    private double members() {
        return loops().stream().filter(RecordLoop::isMember).count();
    }

    private double readiness() {
        return ready() ? 1 : 0;
    }

    private List<Consumers> open() throws IOException, InterruptedException {
        var topics = region.topics();
        var metrics = new ExecutorMetrics(meters);
        var view = keep(new FunctionView(region.kafka(), topics, "executor"));
        var artifacts = new ArtifactStore(region.kafka(), topics, config.cache());
        var usage = new UsageCounters();
        keep(new UsageSender(region.kafka(), topics.usage(), instance, usage, Clock.systemUTC()));
        var replies = keep(new ReplySender(region.kafka(), topics.responses(), instance, metrics));
        var answers = keep(new LargeAnswers(region.kafka(), topics.bodies(), instance, replies));
        var cores = Runtime.getRuntime().availableProcessors();
        var loaders = pool("function-loader-", cores, Integer.MAX_VALUE);
        var guests = runner.orElseGet(() -> new WasmRunner(
                new Environments(view, config.secrets()),
                keep(new FunctionLogs(region.kafka(), topics.logs(), region.name(), instance, metrics)),
                keep(new OutboundClient(vertx, config.outboundAllowed())),
                new NextFiles(artifacts, loaders),
                config.caps(),
                metrics));
        var watchdog = keep(new Watchdog());
        var guestThreads = keep(new GuestThreads(cores, Math.max(2 * cores, config.guestThreads()), GRACE));
        var engine = new Engine(watchdog, (long) config.memoryMebibytes() << 20);
        var codes = new CodeStore(config.cache(), config.loading().keptBytes());
        var ahead = pool("function-compiler-ahead-", 1, MAX_COMPILED_AHEAD);
        var wanted = pool("function-compiler-", Math.max(1, cores / 2), Integer.MAX_VALUE);
        var compilations = new Compilations(artifacts, engine, codes, ahead, wanted);
        var functions = new FunctionCache(
                new FunctionCache.Sources(artifacts, engine, codes, compilations),
                loaders,
                config.loading(),
                Ticker.systemTicker());
        var series = new VersionSeries<RunMeters>(
                meters,
                view::has,
                region.measuredVersions(),
                set -> new RunMeters(set, view.version(set.function(), set.version()), functions));
        metrics.watch(functions, guestThreads, engine);
        metrics.watch(view, malformed);
        metrics.gauge("photon.executor.ready", "1 while invocations are taken", this, Executor::readiness);
        metrics.gauge("photon.executor.consumers", "Consumers in their groups", this, Executor::members);
        metrics.gauge("photon.executor.load", "Consumers that are enough for what runs", load, Load::now);
        var events = new EventUsage(usage);
        var permits = new RunPermits(config.caps().concurrency());
        var cancellations =
                keep(new Cancellations(region.kafka(), topics.cancellations(), instance, watchdog, malformed));
        var bodies = keep(new LargeRequests(region.kafka(), topics.bodies(), instance, heldBytes()));
        var tools = new InvocationRunner.Tools(
                view,
                functions,
                permits,
                load,
                cancellations,
                bodies,
                guests,
                replies,
                answers,
                guestThreads,
                metrics,
                series,
                events);
        // The brokers are asked about the groups while the view reads.
        var joining = consumers(tools);
        view.ready().join();
        cancellations.positioned().join();
        view.listen(functions);
        view.listen(series);
        keepWarm(new WarmFunctions(view, functions, guests, guestThreads, System::nanoTime));
        return joining;
    }

    /** Of large requests at once: of the half of the heap that functions' memories leave, a quarter. */
    private static long heldBytes() {
        return Math.max(2L * Invocation.DEFAULT_BODY_BYTES, Runtime.getRuntime().maxMemory() / 8);
    }

    private List<Consumers> consumers(InvocationRunner.Tools tools) throws InterruptedException {
        var topics = region.topics();
        var internal = new InvocationRunner(tools, InvocationRunner.Decoder.internal(), instance, malformed);
        var entry = new InvocationRunner(tools, InvocationRunner.Decoder.entry(topics), instance, malformed);
        var all = new ArrayList<Consumers>();
        try (var admin = region.kafka().admin()) {
            all.add(consumers(admin, topics.invocations(), internal));
            for (var name : region.plan().entries()) {
                all.add(consumers(admin, topics.entry(name), entry));
            }
        }
        return List.copyOf(all);
    }

    private Consumers consumers(Admin admin, String topic, Intake intake) throws InterruptedException {
        return new Consumers(vertx, region.kafka(), subscription(admin, topic), intake);
    }

    private RecordLoop.Subscription subscription(Admin admin, String topic) throws InterruptedException {
        var group = Topics.executors(topic);
        var protocol = GroupProtocol.choose(admin, group, config.groupProtocol());
        return new RecordLoop.Subscription(
                topic, group, protocol.settings(), config.window(), Duration.ofMillis(config.drainMillis()));
    }

    /**
     * Threads beside the guests', so that running functions need not wait. They are daemons: a compiler cannot be
     * interrupted.
     */
    private ExecutorService pool(String name, int threads, int queue) {
        var pool = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(queue),
                Thread.ofPlatform().name(name, 0).daemon().factory());
        opened.push(() -> {
            pool.shutdownNow();
            pool.awaitTermination(2, TimeUnit.SECONDS);
        });
        return pool;
    }

    private Future<Void> join(List<Consumers> all) {
        consumers = all;
        all.forEach(this::keep);
        watchBacklog();
        var invocations = all.getFirst();
        var joining = new ArrayList<Future<Void>>(
                List.of(invocations.scale(config.consumers().least())));
        all.stream().skip(1).map(entry -> entry.scale(1)).forEach(joining::add);
        return Future.all(joining).<Void>mapEmpty().onSuccess(joined -> followLoad(invocations));
    }

    /** The number of an entry topic's consumers stays: what publishers send does not wait for an answer. */
    private void followLoad(Consumers invocations) {
        var count = new ConsumerCount(config.consumers());
        var timer = vertx.setPeriodic(ConsumerCount.LOOK_MILLIS, tick -> {
            var there = invocations.size();
            var now = load.now();
            var wanted = count.wanted(now, there);
            if (wanted != there) {
                LOG.atInfo()
                        .addKeyValue("topic", invocations.topic())
                        .addKeyValue("from", there)
                        .addKeyValue("to", wanted)
                        .addKeyValue("load", now)
                        .log("consumers follow the load");
                invocations.scale(wanted);
            }
        });
        opened.push(() -> vertx.cancelTimer(timer));
    }

    private void keepWarm(WarmFunctions warm) {
        var timer = vertx.setPeriodic(
                0,
                WARM_MILLIS,
                tick -> vertx.executeBlocking(() -> {
                    warm.refresh();
                    return null;
                }));
        opened.push(() -> vertx.cancelTimer(timer));
    }

    private List<RecordLoop> loops() {
        return consumers.stream().flatMap(all -> all.loops().stream()).toList();
    }

    private void watchBacklog() {
        var backlog = keep(new Backlog(region.kafka().admin(), this::loops, meters));
        var timer = vertx.setPeriodic(BACKLOG_MILLIS, tick -> backlog.refresh());
        opened.push(() -> vertx.cancelTimer(timer));
    }

    private <T extends AutoCloseable> T keep(T part) {
        opened.push(part);
        return part;
    }

    /** Completes when everything is closed. */
    public Future<Void> stop() {
        return vertx.executeBlocking(this::close);
    }

    private Void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("part of the executor did not close");
            }
        }
        return null;
    }
}
