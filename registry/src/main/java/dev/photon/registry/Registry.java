package dev.photon.registry;

import dev.photon.protocol.Command;
import dev.photon.protocol.CommandCodec;
import dev.photon.protocol.CommandResult;
import dev.photon.protocol.ConsumerThread;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.RegionConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
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
    private static final int MAX_STATE_BYTES = 900_000;
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final RegionConfig region;
    private final RegistryConfig config;
    private final TopicPartition commands;
    private final Clock clock;
    private final Malformed malformed = new Malformed();
    private final ConsumerThread thread;
    private volatile boolean active;

    public Registry(RegionConfig region, RegistryConfig config, Clock clock) {
        this.region = region;
        this.config = config;
        this.clock = clock;
        this.commands = new TopicPartition(region.topics().deployments(), 0);
        this.thread = new ConsumerThread("registry", GRACE, this::term);
        thread.start();
    }

    /** Whether this registry decides; another of the group does otherwise. */
    public boolean active() {
        return active;
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
                "max.poll.records", "1");
        try (var joined = region.kafka().consumer(group, joining)) {
            joined.subscribe(List.of(commands.topic()));
            Optional<ConsumerRecord<byte[], byte[]>> first = Optional.empty();
            while (!thread.closed() && joined.assignment().isEmpty()) {
                first = poll(joined);
            }
            if (!thread.closed()) {
                decideAll(joined, first, group);
            }
        } finally {
            active = false;
        }
    }

    private void decideAll(
            KafkaConsumer<byte[], byte[]> joined, Optional<ConsumerRecord<byte[], byte[]>> first, String group)
            throws InterruptedException {
        var transactional =
                Map.of("transactional.id", group, "transaction.timeout.ms", "10000", "max.block.ms", "10000");
        try (var decisions = region.kafka().producer(group + "-decisions", transactional);
                var artifacts = region.kafka().producer(group + "-artifacts", Map.of("max.block.ms", "10000"))) {
            // Ends what the registry before left open, so that the view's end is all that was ever decided.
            decisions.initTransactions();
            try (var view = new FunctionView(region.kafka(), region.topics(), "registry")) {
                await(view.ready());
                var decider = new Decider(
                        config,
                        view,
                        new ChunkReader(region.kafka()),
                        region.topics().uploads(),
                        new ChunkWriter(artifacts, region.topics().artifacts(), partitionsOfArtifacts(artifacts)),
                        clock);
                active = true;
                LOG.atInfo().addKeyValue("region", region.name()).log("registry is active");
                var next = first;
                while (!thread.closed() && !joined.assignment().isEmpty()) {
                    if (next.isPresent()) {
                        commit(joined, decisions, next.get(), decide(decider, next.get()), view);
                    }
                    next = poll(joined);
                }
            }
        }
    }

    private int partitionsOfArtifacts(KafkaProducer<byte[], byte[]> producer) {
        return producer.partitionsFor(region.topics().artifacts()).size();
    }

    private static Optional<ConsumerRecord<byte[], byte[]>> poll(KafkaConsumer<byte[], byte[]> joined) {
        for (var source : joined.poll(POLL)) {
            return Optional.of(source);
        }
        return Optional.empty();
    }

    private record Decision(String commandId, Verdict verdict) {}

    private Decision decide(Decider decider, ConsumerRecord<byte[], byte[]> source) throws InterruptedException {
        return switch (CommandCodec.decodeCommand(source)) {
            case Decoded.Valid<Command> valid -> new Decision(valid.value().id(), decider.decide(valid.value()));
            case Decoded.Malformed<Command> odd -> {
                malformed.skipped(source, odd.reason());
                yield new Decision(
                        CommandCodec.commandId(source), new Verdict.Rejected(ErrorKind.BAD_REQUEST, odd.reason()));
            }
        };
    }

    private void commit(
            KafkaConsumer<byte[], byte[]> joined,
            KafkaProducer<byte[], byte[]> decisions,
            ConsumerRecord<byte[], byte[]> source,
            Decision decision,
            FunctionView view)
            throws InterruptedException {
        decisions.beginTransaction();
        var result = new CommandResult(
                decision.commandId(),
                switch (fitting(decision.verdict())) {
                    case Verdict.Accepted accepted -> write(decisions, accepted, view.position());
                    case Verdict.Rejected rejected -> new CommandResult.Rejected(rejected.kind(), rejected.reason());
                });
        decisions.send(CommandCodec.encode(region.topics().deploymentResults(), result));
        decisions.sendOffsetsToTransaction(
                Map.of(commands, new OffsetAndMetadata(source.offset() + 1)), joined.groupMetadata());
        decisions.commitTransaction();
        LOG.atInfo()
                .addKeyValue("command", result.commandId())
                .addKeyValue("decision", result.decision())
                .log("command decided");
        if (result.decision() instanceof CommandResult.Accepted accepted) {
            // The next decision must see this one.
            await(view.awaitPosition(accepted.view()));
        }
    }

    /** A state that no record holds would fail the transaction, now and in every term after. */
    private Verdict fitting(Verdict verdict) {
        return verdict instanceof Verdict.Accepted accepted
                        && accepted.states().stream()
                                .map(state -> StateCodec.encode(region.topics().functions(), state))
                                .anyMatch(message -> message.value().length > MAX_STATE_BYTES)
                ? new Verdict.Rejected(ErrorKind.TOO_LARGE, "what is known of this would not fit a record")
                : verdict;
    }

    /** Writes the states, and says from which position on a view has them. */
    private CommandResult.Accepted write(
            KafkaProducer<byte[], byte[]> decisions, Verdict.Accepted accepted, long position)
            throws InterruptedException {
        var sends = new ArrayList<Future<RecordMetadata>>();
        for (var state : accepted.states()) {
            sends.add(decisions.send(StateCodec.encode(region.topics().functions(), state)));
        }
        var view = sends.isEmpty() ? position : offset(sends.getLast()) + 1;
        return new CommandResult.Accepted(
                accepted.function(),
                accepted.version().map(Manifest::version),
                accepted.version().map(Manifest::digest),
                sends.isEmpty(),
                view);
    }

    private static long offset(Future<RecordMetadata> send) throws InterruptedException {
        return await(send).offset();
    }

    private static <T> T await(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    /** Finishes the decision under way, at most, and leaves the group. */
    @Override
    public void close() {
        thread.close();
    }
}
