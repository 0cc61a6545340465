package dev.photon.executor;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.photon.executor.outbound.OutboundClient;
import dev.photon.executor.replay.ReplayRun;
import dev.photon.executor.wasm.CodeStore;
import dev.photon.executor.wasm.Engine;
import dev.photon.executor.wasm.GuestThreads;
import dev.photon.executor.wasm.Watchdog;
import dev.photon.metrics.VersionSeries;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.RegionConfig;
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
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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

    /** Of one partition at once, and so many may be lost with an executor that dies. */
    private static final int REPLAYS = 16;

    /** How often functions are looked after that are to be ready before they are called. */
    private static final long WARM_MILLIS = 500;

    private final Vertx vertx;
    private final RegionConfig region;
    private final ExecutorConfig config;
    private final MeterRegistry meters;
    private final Optional<GuestRunner> runner;
    private final String instance = InvocationIds.next();
    private final Malformed malformed = new Malformed();
    private volatile Optional<Consumption> consumption = Optional.empty();

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
                .compose(Consumption::join)
                .onSuccess(
                        joined -> LOG.atInfo().addKeyValue("instance", instance).log("executor is ready"))
                .recover(failure -> vertx.executeBlocking(this::close).transform(done -> Future.failedFuture(failure)));
    }

    /** Whether invocations are taken, of every topic. */
    public boolean ready() {
        return consumption.filter(Consumption::ready).isPresent();
    }

    private Consumption open() throws IOException, InterruptedException {
        var topics = region.topics();
        var metrics = new ExecutorMetrics(meters);
        var view = keep(new FunctionView(region, "executor"));
        var artifacts = new ArtifactStore(region.kafka(), topics, config.cache());
        var usage = new UsageCounters();
        keep(new UsageSender(region.kafka(), topics.usage(), instance, usage, Clock.systemUTC()));
        var replies = keep(new ReplySender(region.kafka(), topics, instance, metrics));
        var answers = keep(new LargeAnswers(region.kafka(), topics.bodies(), instance, replies));
        var cores = Runtime.getRuntime().availableProcessors();
        var loaders = pool("function-loader-", cores, Integer.MAX_VALUE);
        var guests = runner.orElseGet(() -> new WasmRunner(
                new Environments(view, config.secrets()),
                keep(new FunctionLogs(region.kafka(), topics.logs(), region.name(), instance, metrics)),
                new WasmRunner.Outside(
                        region,
                        keep(new OutboundClient(vertx, config.outboundAllowed())),
                        keep(new EventSender(region.kafka(), instance))),
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
        var events = new EventUsage(usage);
        var permits = new RunPermits(config.caps().concurrency());
        var cancellations =
                keep(new Cancellations(region.kafka(), topics.cancellations(), instance, watchdog, malformed));
        var bodies = keep(new LargeRequests(region.kafka(), topics.bodies(), instance, heldBytes()));
        var load = new Load();
        var kept = keep(new KeptAnswers(
                region.kafka(), topics.results(), instance, region.plan().resultTime()));
        metrics.watch(kept);
        var keptReader = keep(new KeptReader(region.kafka(), topics.results(), instance));
        var keyed = new KeyedCalls(new KeyLane.Tools(kept, keptReader, replies, guestThreads));
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
                keyed,
                guestThreads,
                metrics,
                series,
                events);
        var consumed = new Consumption(vertx, region, config, load, meters);
        var bytes = new TakenBytes(heldBytes());
        var triggers = triggers(view, consumed.pools(), tools, bytes);
        opened.push(() -> closeAtOnce(consumed, triggers));
        var rerun = new ReplayRun.Parts(region.name(), region.kafka(), region.plan(), view, cores);
        // First to be closed, so that nothing of them is left when their consumer drains.
        var replays = keep(new Replays(
                new Replays.Tools(replies, answers, cancellations, functions, guests, bytes), rerun, instance));
        // The brokers are asked about the groups while the view reads.
        var entries = new EntryRunner.Parts(
                tools, region.plan(), instance, malformed, new EntrySeries(meters, region.measuredVersions()), bytes);
        consumed.prepare(
                new InvocationRunner(tools, instance, malformed),
                entries,
                new RedriveLanes(
                        new RedriveIntake(view, triggers::isAllowed, triggers::runner, malformed),
                        config.window(),
                        bytes),
                new RedriveLanes(new ReplayIntake(replays, malformed), REPLAYS, bytes));
        view.ready().join();
        cancellations.positioned().join();
        triggers.start();
        consumed.follow(view, entries);
        view.listen(functions);
        view.listen(series);
        keepWarm(new WarmFunctions(view, consumed.pools(), functions, guests, guestThreads, System::nanoTime));
        consumption = Optional.of(consumed);
        return consumed;
    }

    /** Both drain, and neither waits for the other. */
    private static void closeAtOnce(Consumption consumed, Triggers triggers) {
        try (var leaving = Executors.newVirtualThreadPerTaskExecutor()) {
            leaving.execute(consumed::close);
            leaving.execute(triggers::close);
        }
    }

    private Triggers triggers(FunctionView view, Set<String> pools, InvocationRunner.Tools tools, TakenBytes bytes) {
        var timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("trigger-retries").factory());
        opened.push(timer::shutdownNow);
        var sender = keep(new TriggerSender(region.kafka(), instance, timer));
        var running = new TriggerRunner.Parts(
                tools, region.name(), instance, sender, timer, region.topics().deadLetters());
        return new Triggers(
                view, pools, new RunningTrigger.Parts(vertx, region, config, meters, instance, bytes), running);
    }

    /**
     * Of large requests at once, of triggers' records with those of replays, and of the large requests that replays read:
     * of the half of the heap that functions' memories leave, a quarter each.
     */
    static long heldBytes() {
        return Math.max(2L * Invocation.DEFAULT_BODY_BYTES, Runtime.getRuntime().maxMemory() / 8);
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
