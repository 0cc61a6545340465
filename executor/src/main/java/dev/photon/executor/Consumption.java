package dev.photon.executor;

import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Topics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a process consumes: the calls of its pools, by as many consumers as the load wants, and entry topics, by one
 * each, since nobody waits for what publishers send. Its gauges are for any thread, the rest for one after the other.
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
    private final Deque<Runnable> closing = new ConcurrentLinkedDeque<>();
    private volatile List<Consumers> calls = List.of();
    private volatile List<Consumers> events = List.of();

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
        gauge("photon.executor.load", "Consumers that are enough for what runs", load::now);
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(meters);
    }

    /** Whose functions run here. */
    Set<String> pools() {
        return pools;
    }

    /** Asks the brokers how the groups are to be joined. Blocks. */
    void prepare(Intake call, Intake event) throws InterruptedException {
        var topics = region.topics();
        try (var admin = region.kafka().admin()) {
            calls = consumers(admin, pools.stream().map(topics::invocations).toList(), call);
            events = consumers(admin, pools.contains(Topics.DEFAULT_POOL) ? entries() : List.of(), event);
        }
    }

    private List<String> entries() {
        return region.plan().entries().stream().map(region.topics()::entry).toList();
    }

    private List<Consumers> consumers(Admin admin, List<String> topics, Intake intake) throws InterruptedException {
        var all = new ArrayList<Consumers>();
        for (var topic : topics) {
            all.add(new Consumers(vertx, region.kafka(), subscription(admin, topic), intake));
        }
        return List.copyOf(all);
    }

    private RecordLoop.Subscription subscription(Admin admin, String topic) throws InterruptedException {
        var group = Topics.executors(topic);
        var protocol = GroupProtocol.choose(admin, group, config.groupProtocol());
        return new RecordLoop.Subscription(
                topic,
                group,
                protocol.settings(),
                config.membership(),
                config.window(),
                Duration.ofMillis(config.drainMillis()));
    }

    /** Completes when the fewest that there should be have joined; fails when one of them cannot. */
    Future<Void> join() {
        all().forEach(topic -> closing.push(topic::close));
        var least = config.consumers().least();
        var joining = Stream.concat(
                        calls.stream().map(topic -> topic.scale(least)),
                        events.stream().map(topic -> topic.scale(1)))
                .toList();
        return Future.all(joining).<Void>mapEmpty().onSuccess(joined -> {
            watchBacklog();
            calls.forEach(this::followLoad);
        });
    }

    private void followLoad(Consumers topic) {
        var count = new ConsumerCount(config.consumers());
        every(ConsumerCount.LOOK_MILLIS, () -> {
            var there = topic.size();
            var now = load.now();
            var wanted = count.wanted(now, there);
            if (wanted != there) {
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

    private void watchBacklog() {
        var backlog = new Backlog(region.kafka().admin(), this::loops, meters);
        closing.push(backlog::close);
        every(BACKLOG_MILLIS, backlog::refresh);
    }

    private void every(long millis, Runnable task) {
        var timer = vertx.setPeriodic(millis, tick -> task.run());
        closing.push(() -> vertx.cancelTimer(timer));
    }

    /** Whether records of every topic are taken. */
    boolean ready() {
        return !calls.isEmpty() && all().allMatch(Consumers::ready);
    }

    private int members() {
        return (int) loops().stream().filter(RecordLoop::isMember).count();
    }

    private List<RecordLoop> loops() {
        return all().flatMap(topic -> topic.loops().stream()).toList();
    }

    private Stream<Consumers> all() {
        return Stream.concat(calls.stream(), events.stream());
    }

    /** Lets all consumers drain and leave. Blocks. */
    @Override
    public void close() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
