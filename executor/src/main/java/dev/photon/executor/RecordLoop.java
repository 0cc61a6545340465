package dev.photon.executor;

import dev.photon.protocol.ConsumerThread;
import dev.photon.protocol.KafkaConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer of a group and the one thread that owns it: hands records to the {@link Lane} of their partition,
 * pauses partitions whose window is full, and commits what is done.
 *
 * <pre>
 * assigned ─► Lane restored from the commit ─► feed ⇄ commit ─► revoked: stop feeding, drain, commit, drop
 *                                                            └► lost:    drop
 * </pre>
 */
final class RecordLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecordLoop.class);
    private static final Duration CLAIM_AGAIN = Duration.ofMillis(100);
    private static final Duration COMMIT_EVERY = Duration.ofMillis(100);

    /**
     * Which records, and how.
     *
     * @param client what the consumer calls itself
     * @param settings of the consumer: its group's protocol
     * @param membership how the group knows the process; empty where Kafka may make up a name
     */
    record Subscription(
            String topic,
            String group,
            String client,
            Map<String, String> settings,
            Optional<Membership> membership,
            Duration drain) {}

    private final KafkaConnection kafka;
    private final Subscription subscription;
    private final Lanes opening;
    private final Map<TopicPartition, Lane> lanes = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private final ConsumerThread thread;
    private long lastCommit = System.nanoTime();
    /** When those may be resumed whose claim failed. */
    private long resumeAt = System.nanoTime();

    private volatile boolean member;

    RecordLoop(KafkaConnection kafka, Subscription subscription, Lanes opening) {
        this.kafka = kafka;
        this.subscription = subscription;
        this.opening = opening;
        var grace = subscription.drain().plus(PlainCommits.TIMEOUT).plusSeconds(2);
        this.thread = new ConsumerThread(kafka, "poll-" + subscription.topic(), grace, this::term);
    }

    void start() {
        thread.start();
    }

    /**
     * Completes when the group has let this consumer in, with partitions or, when others hold them all, without. Fails when
     * Kafka refuses us before that.
     */
    CompletableFuture<Void> joined() {
        return joined;
    }

    /** Whether the group has let this consumer in, and Kafka has not failed it since. */
    boolean isMember() {
        return member;
    }

    /** Those that are ours, as they are at any moment. */
    Set<TopicPartition> partitions() {
        return lanes.keySet();
    }

    /** How far a partition was taken, as of a moment ago; empty when that is not known, or it is not ours. */
    OptionalLong position(TopicPartition partition) {
        return Optional.ofNullable(lanes.get(partition)).map(Lane::position).orElse(OptionalLong.empty());
    }

    /** Records of a partition begun and not finished. */
    int unfinished(TopicPartition partition) {
        return Optional.ofNullable(lanes.get(partition)).map(Lane::unfinished).orElse(0);
    }

    /** One with a name would be waited for otherwise, until its session ends, as if it came back. */
    private record Leaving(KafkaConsumer<byte[], byte[]> consumer, Commits commits) implements AutoCloseable {
        private static final CloseOptions LEAVE =
                CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);

        /** What the consumer lets go is committed once more. */
        @Override
        public void close() {
            try (commits) {
                consumer.close(LEAVE);
            }
        }
    }

    private void term() {
        var settings = new HashMap<String, String>();
        settings.put("group.id", subscription.group());
        settings.put("auto.offset.reset", "earliest");
        settings.put("isolation.level", "read_committed");
        settings.put("max.poll.records", "500");
        settings.putAll(subscription.settings());
        subscription.membership().ifPresent(named -> settings.putAll(named.settings()));
        var consumer = kafka.consumer(subscription.client(), settings);
        try (var membership = new Leaving(consumer, opening.commits(consumer, lanes))) {
            var opened = membership.consumer();
            var commits = membership.commits();
            opened.subscribe(List.of(subscription.topic()), new Rebalance(opened, commits));
            feed(opened, commits);
            release(opened, commits, List.copyOf(lanes.keySet()));
        } catch (AuthenticationException | AuthorizationException e) {
            joined.completeExceptionally(e);
            throw e;
        } finally {
            member = false;
            drop(List.copyOf(lanes.keySet()));
        }
    }

    private void feed(KafkaConsumer<byte[], byte[]> opened, Commits commits) {
        while (thread.goesOn()) {
            var records = opened.poll(patience(opened, commits));
            if (!member && opened.groupMetadata().generationId() >= 0) {
                member = true;
                joined.complete(null);
            }
            if (take(opened, commits, records)) {
                runAlone(commits);
            }
            regulate(opened);
            commit(opened, commits);
        }
    }

    /** How long to wait for records, since something else may have to be done meanwhile. */
    private Duration patience(KafkaConsumer<byte[], byte[]> opened, Commits commits) {
        var paused = opened.paused();
        var waits = lanes.entrySet().stream()
                .filter(lane -> paused.contains(lane.getKey()))
                .map(lane -> lane.getValue().untilRoomy());
        return Stream.concat(Stream.of(commits.patience()), waits)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Whether what had to be committed before is safe; the partitions of what is not are polled again. */
    private boolean take(
            KafkaConsumer<byte[], byte[]> opened, Commits commits, ConsumerRecords<byte[], byte[]> records) {
        var batches = new HashMap<TopicPartition, List<ConsumerRecord<byte[], byte[]>>>();
        var claims = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var partition : records.partitions()) {
            var lane = lanes.get(partition);
            var batch = records.records(partition);
            if (lane.hasPassed(batch.getFirst().offset())) {
                beginAnew(opened, partition, batch.getFirst().offset());
            } else {
                batches.put(partition, batch);
                lane.claim(batch.getLast().offset()).ifPresent(claim -> claims.put(partition, claim));
            }
        }
        var safe = commits.now(claims);
        if (!safe) {
            claims.keySet()
                    .forEach(partition -> opened.seek(
                            partition, batches.remove(partition).getFirst().offset()));
            opened.pause(claims.keySet());
            resumeAt = System.nanoTime() + CLAIM_AGAIN.toNanos();
        }
        batches.forEach((partition, batch) -> batch.forEach(lanes.get(partition)::take));
        return safe;
    }

    private void runAlone(Commits commits) {
        var claims = new HashMap<TopicPartition, OffsetAndMetadata>();
        lanes.forEach((partition, lane) -> lane.nextAlone().ifPresent(claim -> claims.put(partition, claim)));
        if (commits.now(claims)) {
            claims.keySet().forEach(partition -> lanes.get(partition).runAlone());
        }
    }

    /**
     * The topic was made anew, or lost its end with the disk of a broker, so that offsets come again: from here, or from
     * what is not finished before.
     */
    private void beginAnew(KafkaConsumer<byte[], byte[]> opened, TopicPartition partition, long offset) {
        var before = lanes.get(partition);
        var from = Math.min(offset, before.progress().offset());
        LOG.atWarn()
                .addKeyValue("partition", partition)
                .addKeyValue("offset", from)
                .log("the log went back, and is run from there");
        before.drop();
        lanes.put(partition, opening.anew(partition, from));
        opened.seek(partition, from);
    }

    private void regulate(KafkaConsumer<byte[], byte[]> opened) {
        var paused = opened.paused();
        var mayResume = System.nanoTime() - resumeAt >= 0;
        var full = new ArrayList<TopicPartition>();
        var roomy = new ArrayList<TopicPartition>();
        lanes.forEach((partition, lane) -> {
            if (paused.contains(partition)) {
                if (mayResume && lane.roomy()) {
                    roomy.add(partition);
                }
            } else if (lane.full()) {
                full.add(partition);
            }
        });
        opened.pause(full);
        opened.resume(roomy);
    }

    private void commit(KafkaConsumer<byte[], byte[]> opened, Commits commits) {
        var now = System.nanoTime();
        var due = now - lastCommit >= COMMIT_EVERY.toNanos();
        if (due) {
            lastCommit = now;
            notePositions(opened);
            opening.look(opened);
        }
        commits.finished(due);
    }

    /**
     * For those who ask how much waits, since the consumer tells nobody but its own thread; and for the commits, or a
     * partition that ends with a transaction's marker would look like work for ever.
     */
    private void notePositions(KafkaConsumer<byte[], byte[]> opened) {
        for (var partition : opened.assignment()) {
            var lane = lanes.get(partition);
            if (lane != null) {
                try {
                    lane.reached(opened.position(partition, Duration.ZERO));
                } catch (TimeoutException e) {
                    // It has none yet, and we wait for nothing here.
                }
            }
        }
    }

    /** Finishes what was begun, within the budget, and commits what is finished. */
    private void release(KafkaConsumer<byte[], byte[]> opened, Commits commits, Collection<TopicPartition> partitions) {
        var until = System.nanoTime() + subscription.drain().toNanos();
        partitions.stream().map(lanes::get).filter(Objects::nonNull).forEach(Lane::close);
        try {
            for (var partition : partitions) {
                var lane = lanes.get(partition);
                if (lane != null && !lane.drain(Duration.ofNanos(until - System.nanoTime()))) {
                    LOG.atWarn()
                            .addKeyValue("partition", partition)
                            .addKeyValue("unfinished", lane.unfinished())
                            .log("partition leaves with unfinished invocations, which run again elsewhere");
                }
            }
            notePositions(opened);
            commits.last(partitions);
        } catch (KafkaException e) {
            LOG.atWarn().addKeyValue("error", e.toString()).log("last commit failed, its invocations run again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drop(Collection<TopicPartition> partitions) {
        for (var partition : partitions) {
            var lane = lanes.remove(partition);
            if (lane != null) {
                lane.drop();
            }
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        private final KafkaConsumer<byte[], byte[]> opened;
        private final Commits commits;

        Rebalance(KafkaConsumer<byte[], byte[]> opened, Commits commits) {
            this.opened = opened;
            this.commits = commits;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            var commits = opened.committed(Set.copyOf(partitions));
            for (var partition : partitions) {
                lanes.put(partition, opening.open(opened, partition, Optional.ofNullable(commits.get(partition))));
            }
            LOG.atInfo().addKeyValue("partitions", partitions).log("partitions assigned");
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            release(opened, commits, partitions);
            drop(partitions);
            LOG.atInfo().addKeyValue("partitions", partitions).log("partitions revoked");
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            drop(partitions);
            LOG.atWarn().addKeyValue("partitions", partitions).log("partitions lost");
        }
    }

    /** Stops feeding, drains, commits and leaves the group. Blocks for the drain's budget and a few seconds at most. */
    @Override
    public void close() {
        thread.close();
        joined.completeExceptionally(new IllegalStateException("closed before it had joined"));
    }
}
