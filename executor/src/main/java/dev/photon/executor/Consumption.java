package dev.photon.executor;

import dev.photon.protocol.EntryRule;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Topics;
import dev.photon.registry.FunctionView;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a process consumes but triggers' topics: the calls of its pools, by as many consumers as the load wants, and
 * entry topics, redrives and replays, by one each, since nobody waits for them. Its gauges are for any thread, the rest for one after the other.
 */
final class Consumption implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Consumption.class);

    /** How often the ends of partitions are asked for; an autoscaler looks every few seconds. */
    private static final long BACKLOG_MILLIS = 2_000;

    private final Vertx vertx;
    private final RegionConfig region;
    private final ExecutorConfig config;
    private final Load load;
    private final MeterRegistry meters;
    private final Set<String> pools;
    private final Queue<Long> timers = new ConcurrentLinkedQueue<>();
    private volatile Optional<Admin> admin = Optional.empty();
    /** By pool. */
    private volatile Map<String, Consumers> calls = Map.of();

    private volatile List<Consumers> events = List.of();
    private volatile Optional<Entries> entries = Optional.empty();

    /**
     * @throws IllegalArgumentException when the region lacks a pool that is to be served
     */
    Consumption(Vertx vertx, RegionConfig region, ExecutorConfig config, Load load, MeterRegistry meters) {
        this.vertx = vertx;
        this.region = region;
        this.config = config;
        this.load = load;
        this.meters = meters;
        this.pools = Set.copyOf(config.pools(region.plan()));
        gauge("photon.executor.ready", "1 while invocations are taken", () -> ready() ? 1 : 0);
        gauge("photon.executor.consumers", "Consumers in their groups", this::members);
        gauge("photon.executor.load", "Consumers that are enough for what runs", load::total);
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(meters);
    }

    /** Whose functions run here. */
    Set<String> pools() {
        return pools;
    }

    /** Asks the brokers how the groups are to be joined. Blocks. */
    void prepare(Intake call, EntryRunner.Parts entry, Lanes redrives, Lanes replays) throws InterruptedException {
        var topics = region.topics();
        try (var admin = region.kafka().admin()) {
            var byPool = new HashMap<String, Consumers>();
            for (var pool : pools) {
                byPool.put(pool, consumers(admin, topics.invocations(pool), call));
            }
            var all = new ArrayList<Consumers>();
            if (pools.contains(Topics.DEFAULT_POOL)) {
                for (var name : region.plan().entries()) {
                    all.add(open(admin, name, entry));
                }
                all.add(alone(admin, topics.redrives(), redrives));
                all.add(alone(admin, topics.replays(), replays));
            }
            calls = Map.copyOf(byPool);
            events = List.copyOf(all);
        }
    }

    private Consumers alone(Admin admin, String topic, Lanes lanes) throws InterruptedException {
        return new Consumers(vertx, region.kafka(), subscription(admin, topic), lanes);
    }

    private Consumers consumers(Admin admin, String topic, Intake intake) throws InterruptedException {
        return new Consumers(
                vertx, region.kafka(), subscription(admin, topic), CallLane.lanes(intake, config.window()));
    }

    /** An entry topic that a setting opens, and where nothing is declared that could be kept to. */
    private Consumers open(Admin admin, String name, EntryRunner.Parts running) throws InterruptedException {
        var topic = region.topics().entry(name);
        var meters = running.series().of(name);
        var runner = new EntryRunner(running, () -> EntryRule.OPEN, meters);
        var rate = new EntryRate(EntryRule.OPEN.rate(), EntryRule.OPEN.burst(), System::nanoTime);
        var lanes = new EntryLanes(runner, config.window(), List.of(), rate, meters, running.bytes());
        return new Consumers(vertx, region.kafka(), subscription(admin, topic), lanes);
    }

    /** Follows what is declared from now on, where events are consumed. The view is to be ready. */
    void follow(FunctionView view, EntryRunner.Parts running) {
        if (pools.contains(Topics.DEFAULT_POOL)) {
            var following = new Entries(view, new RunningEntry.Parts(vertx, region, config, running));
            entries = Optional.of(following);
            following.start();
        }
    }

    private RecordLoop.Subscription subscription(Admin admin, String topic) throws InterruptedException {
        var group = Topics.executors(topic);
        var protocol = GroupProtocol.choose(admin, group, config.groupProtocol());
        return new RecordLoop.Subscription(
                topic,
                group,
                "executor-" + topic,
                protocol.settings(),
                config.membership(),
                Duration.ofMillis(config.drainMillis()));
    }

    /** Completes when the fewest that there should be have joined; fails when one of them cannot. */
    Future<Void> join() {
        var least = config.consumers().least();
        var joining = Stream.concat(
                        calls.values().stream().map(topic -> topic.scale(least)),
                        events.stream().map(topic -> topic.scale(1)))
                .toList();
        return Future.all(joining).<Void>mapEmpty().onSuccess(joined -> {
            watchBacklog();
            calls.forEach(this::followLoad);
        });
    }

    private void watchBacklog() {
        var asking = region.kafka().admin();
        var watched = new Backlog(asking, this::loops, meters, "photon.executor", Tags.empty());
        admin = Optional.of(asking);
        every(BACKLOG_MILLIS, watched::refresh);
    }

    private void followLoad(String pool, Consumers topic) {
        var count = new ConsumerCount(config.consumers());
        every(ConsumerCount.LOOK_MILLIS, () -> {
            var there = topic.size();
            var now = load.of(pool);
            var wanted = count.wanted(now, there);
            if (wanted != there && topic.steady()) {
                LOG.atInfo()
                        .addKeyValue("topic", topic.topic())
                        .addKeyValue("from", there)
                        .addKeyValue("to", wanted)
                        .addKeyValue("load", now)
                        .log("consumers follow the load");
                topic.scale(wanted)
                        .onFailure(failure -> LOG.atWarn()
                                .addKeyValue("topic", topic.topic())
                                .addKeyValue("error", failure.toString())
                                .log("consumer could not join"));
            }
        });
    }

    private void every(long millis, Runnable task) {
        var timer = vertx.setPeriodic(millis, tick -> task.run());
        timers.add(timer);
    }

    /** Whether records of every topic are taken. */
    boolean ready() {
        return !calls.isEmpty() && all().allMatch(Consumers::ready);
    }

    private int members() {
        return (int) loops().stream().filter(RecordLoop::isMember).count();
    }

    private List<RecordLoop> loops() {
        return Stream.concat(
                        all().flatMap(topic -> topic.loops().stream()),
                        entries.stream().flatMap(following -> following.loops().stream()))
                .toList();
    }

    private Stream<Consumers> all() {
        return Stream.concat(calls.values().stream(), events.stream());
    }

    /** Lets all consumers drain and leave, at the same time. Blocks. */
    @Override
    public void close() {
        timers.forEach(vertx::cancelTimer);
        try (var leaving = Executors.newVirtualThreadPerTaskExecutor()) {
            entries.ifPresent(following -> leaving.execute(following::close));
            all().forEach(topic -> leaving.execute(topic::close));
        }
        // Without its last question's answer, for which Kafka would wait as long as a broker may take.
        admin.ifPresent(asking -> asking.close(Duration.ZERO));
    }
}
