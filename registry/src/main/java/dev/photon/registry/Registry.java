package dev.photon.registry;

import dev.photon.protocol.Command;
import dev.photon.protocol.CommandCodec;
import dev.photon.protocol.ConsumerThread;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.RegionConfig;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides on the commands of a region, one after the other, on a thread of its own.
 *
 * <p>Any number may run; {@code photon.deployments} has one partition, so the group gives it to one. Each decision is
 * one transaction of state, result and the command's offset under the group's metadata: a registry that lost the
 * partition is fenced, and a command is decided exactly once. Whatever fails, the registry starts a new term from the
 * committed offset.
 *
 * <pre>
 * term:  join → partition assigned → fence the one before → read photon.functions to its end → decide, decide, …
 * </pre>
 */
public final class Registry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
    private static final Duration POLL = Duration.ofMillis(250);
    /** Mostly the check of a large module, which ends itself long before. */
    private static final int LONGEST_DECISION_MILLIS = 600_000;

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final RegionConfig region;
    private final RegistryConfig config;
    private final TopicPartition commands;
    private final Clock clock;
    private final Malformed malformed = new Malformed();
    private final ConsumerThread thread;
    private final LongAdder decisions = new LongAdder();
    private final LongAdder refusals = new LongAdder();
    private final LongAdder decisionNanos = new LongAdder();
    private volatile boolean member;
    /** Of what is decided on; there while this registry is active. */
    private volatile Optional<FunctionView> deciding = Optional.empty();

    public Registry(RegionConfig region, RegistryConfig config, Clock clock) {
        this.region = region;
        this.config = config;
        this.clock = clock;
        this.commands = new TopicPartition(region.topics().deployments(), 0);
        this.thread = new ConsumerThread(region.kafka(), "registry", GRACE, this::term);
        thread.start();
    }

    /** Whether this registry decides; another of the group does otherwise. */
    public boolean active() {
        return deciding.isPresent();
    }

    /** Whether this registry decides, or would if the one that does went away. */
    public boolean ready() {
        return member;
    }

    /** The next offset of {@code photon.functions} to be read; empty unless this registry decides. */
    public OptionalLong position() {
        return deciding.stream().mapToLong(FunctionView::position).findAny();
    }

    /** How many commands were decided, those that were refused included. */
    public long decisions() {
        return decisions.sum();
    }

    /** How many commands were refused. */
    public long refusals() {
        return refusals.sum();
    }

    /** How long all decisions took together. */
    public long decisionNanos() {
        return decisionNanos.sum();
    }

    /** How many records were skipped because they are not commands. */
    public long malformedRecords() {
        return malformed.count();
    }

    private void term() throws InterruptedException {
        var group = region.topics().prefix() + "-registry";
        var joining = Map.of(
                "group.id", group,
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed",
                "session.timeout.ms", "6000",
                "heartbeat.interval.ms", "1500",
                "max.poll.interval.ms", Integer.toString(LONGEST_DECISION_MILLIS),
                "max.poll.records", "1");
        try (var joined = region.kafka().consumer(group, joining)) {
            thread.wakes(joined);
            joined.subscribe(List.of(commands.topic()));
            Optional<ConsumerRecord<byte[], byte[]>> first = Optional.empty();
            while (thread.goesOn() && joined.assignment().isEmpty()) {
                first = poll(joined);
                member = joined.groupMetadata().generationId() >= 0;
            }
            if (thread.goesOn()) {
                decideAll(joined, first, group);
            }
        } finally {
            deciding = Optional.empty();
            member = false;
        }
    }

    private void decideAll(
            KafkaConsumer<byte[], byte[]> joined, Optional<ConsumerRecord<byte[], byte[]>> first, String group)
            throws InterruptedException {
        var transactional =
                Map.of("transactional.id", group, "transaction.timeout.ms", "10000", "max.block.ms", "10000");
        try (var decisions = region.kafka().producer(group + "-decisions", transactional);
                var artifacts = region.kafka().producer(group + "-artifacts", ChunkWriter.PRODUCER);
                var admin = region.kafka().admin()) {
            // Ends what the registry before left open, so that the view's end is all that was ever decided.
            decisions.initTransactions();
            try (var view = new FunctionView(region, "registry")) {
                Awaited.of(view.ready());
                var log = new DecisionLog(decisions, region, view, clock);
                var modules = new Artifacts(
                        view, log, new ChunkWriter(artifacts, region.topics().artifacts()), clock);
                var offsets = new BrokerOffsets(admin, region.topics(), BrokerOffsets.PATIENCE);
                var triggers = new TriggerDecider(region, view, offsets, clock);
                var groups = new TriggerGroups(new BrokerGroups(admin), region.topics(), System::nanoTime);
                var followUp = new TriggerFollowUp(view, log, triggers, groups, region.topics(), System::nanoTime);
                var entries = new EntryDecider(
                        region, view, new BrokerTopics(admin, region.plan().replication()), offsets, clock);
                var decider = new Decider(
                        config,
                        region,
                        view,
                        new Contents(uploads(), modules),
                        new Decider.OfTopics(triggers, entries),
                        clock);
                deciding = Optional.of(view);
                LOG.atInfo().addKeyValue("region", region.name()).log("registry is active");
                var next = first;
                while (thread.goesOn() && !joined.assignment().isEmpty()) {
                    if (next.isPresent()) {
                        decide(decider, next.get(), log, joined.groupMetadata());
                    }
                    modules.collect();
                    followUp.look();
                    next = poll(joined);
                }
            }
        } catch (IOException e) {
            throw new KafkaException(e);
        }
    }

    private Uploads uploads() throws IOException {
        var topics = region.topics();
        var disk = new ArtifactStore(region.kafka(), topics, config.cache());
        return new Uploads(new ChunkReader(region.kafka()), topics.uploads(), disk);
    }

    private static Optional<ConsumerRecord<byte[], byte[]>> poll(KafkaConsumer<byte[], byte[]> joined) {
        for (var source : joined.poll(POLL)) {
            return Optional.of(source);
        }
        return Optional.empty();
    }

    private void decide(
            Decider decider, ConsumerRecord<byte[], byte[]> source, DecisionLog log, ConsumerGroupMetadata group)
            throws InterruptedException {
        var begun = System.nanoTime();
        switch (CommandCodec.decodeCommand(source)) {
            case Decoded.Valid<Command> valid -> {
                var verdict = decider.decide(valid.value());
                log.commit(source, valid.value().id(), verdict, group);
                count(verdict, begun);
            }
            case Decoded.Malformed<Command> odd -> {
                malformed.skipped(source, odd.reason());
                var verdict = new Verdict.Rejected(ErrorKind.BAD_REQUEST, odd.reason());
                log.commit(source, CommandCodec.commandId(source), verdict, group);
                count(verdict, begun);
            }
        }
    }

    private void count(Verdict verdict, long begun) {
        decisionNanos.add(System.nanoTime() - begun);
        decisions.increment();
        if (verdict instanceof Verdict.Rejected) {
            refusals.increment();
        }
    }

    /** Finishes the decision under way, at most, and leaves the group. */
    @Override
    public void close() {
        thread.close();
    }
}
