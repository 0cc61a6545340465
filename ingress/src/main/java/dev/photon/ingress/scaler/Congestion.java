package dev.photon.ingress.scaler;

import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.TopicPlan;
import dev.photon.protocol.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the executors of a pool are so far behind, or so much away, that another call would be answered too late.
 * Thread-safe; only {@link #open} and {@link #close} block.
 */
public final class Congestion implements AutoCloseable {
    /** How often {@link #look} is to be called. */
    public static final int PERIOD_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Congestion.class);
    private static final int TIMEOUT_MILLIS = 1_500;

    /** There is no such time. */
    private static final long NEVER_MILLIS = Long.MAX_VALUE;

    private final TopicPlan plan;
    private final Admin admin;
    private final BacklogReader reader;
    private final Map<String, Pool> pools;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean unknown;

    private static final class Pool {
        private final Backlog backlog = new Backlog();
        /** Zero when there is none, or none that is known. */
        private volatile long waitMillis;

        void read(long unfinished, long finished, Optional<Integer> members) {
            backlog.read(unfinished, finished, members, System.nanoTime());
            waitMillis = backlog.isUnattended()
                    ? NEVER_MILLIS
                    : backlog.expectedWait().map(Duration::toMillis).orElse(0L);
        }

        void unknown() {
            backlog.unknown();
            waitMillis = 0;
        }
    }

    private Congestion(TopicPlan plan, Admin admin) {
        this.plan = plan;
        this.admin = admin;
        var calls = plan.pools().stream()
                .map(pool -> Consumed.ours(plan.topics().invocations(pool), pool))
                .toList();
        this.reader = new BacklogReader(admin, () -> calls);
        this.pools =
                plan.pools().stream().collect(Collectors.toUnmodifiableMap(Function.identity(), pool -> new Pool()));
    }

    public static Congestion open(RegionConfig region) {
        return new Congestion(region.plan(), region.kafka().admin());
    }

    /**
     * Whether a call that is sent now most likely gets no answer in time; {@code false} where that is not known.
     *
     * @param pool of the function
     * @param millis that the answer is wanted
     */
    public boolean isLate(String pool, long millis) {
        var known = pools.get(pool);
        return known != null && known.waitMillis > millis;
    }

    /** Asks the brokers, unless they have not answered the time before. */
    public void look() {
        if (looking.compareAndSet(false, true)) {
            reader.read()
                    .thenCompose(reading -> members().thenAccept(members -> note(reading, members)))
                    .whenComplete((noted, failure) -> {
                        if (failure != null) {
                            pools.values().forEach(Pool::unknown);
                        }
                        tell(failure);
                        looking.set(false);
                    });
        }
    }

    private void note(Reading reading, Map<String, Integer> members) {
        pools.forEach((name, pool) -> {
            var work = reading.of(group(name));
            pool.read(
                    work.map(Reading.Work::unfinished).orElse(0L),
                    work.map(Reading.Work::finished).orElse(0L),
                    Optional.ofNullable(members.get(name)));
        });
    }

    /** Executors by pool. */
    private CompletionStage<Map<String, Integer>> members() {
        var groups = pools.keySet().stream().collect(Collectors.toMap(pool -> pool, this::group));
        var described = admin.describeConsumerGroups(
                        List.copyOf(groups.values()), new DescribeConsumerGroupsOptions().timeoutMs(TIMEOUT_MILLIS))
                .describedGroups();
        var counts = groups.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> described
                                .get(entry.getValue())
                                .toCompletionStage()
                                .thenApply(group -> group.members().size())
                                .exceptionally(Congestion::noneOfNoGroup)
                                .toCompletableFuture()));
        return CompletableFuture.allOf(counts.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> counts.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().join())));
    }

    private String group(String pool) {
        return Topics.executors(plan.topics().invocations(pool));
    }

    /** Where there was never an executor, there is no group. */
    private static int noneOfNoGroup(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof GroupIdNotFoundException) {
            return 0;
        }
        throw new CompletionException(cause);
    }

    private void tell(Throwable failure) {
        if (failure != null && !unknown) {
            LOG.atWarn()
                    .addKeyValue("error", failure.toString())
                    .log("what waits for executors is not known, calls are not forwarded because of it");
        }
        unknown = failure != null;
    }

    @Override
    public void close() {
        reader.close();
    }
}
