package dev.photon.registry;

import dev.photon.protocol.CommandCodec;
import dev.photon.protocol.CommandResult;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Topics;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what the active registry decides, each decision in one transaction, and returns when its own view has it. A
 * registry that was replaced is fenced: whatever it writes fails. Confined to the registry's thread.
 */
final class DecisionLog {
    private static final Logger LOG = LoggerFactory.getLogger(DecisionLog.class);

    private final Producer<byte[], byte[]> producer;
    private final String region;
    private final Topics topics;
    private final FunctionView view;
    private final Clock clock;

    /**
     * @param producer transactional, and initialised
     * @param clock milliseconds of which become part of stamps
     */
    DecisionLog(Producer<byte[], byte[]> producer, RegionConfig region, FunctionView view, Clock clock) {
        this.producer = producer;
        // A name that a region is given later must not make what it wrote before another one's.
        this.region = region.others().isEmpty() ? "" : region.name();
        this.topics = region.topics();
        this.view = view;
        this.clock = clock;
    }

    /** The verdict on a command: its states, its result, and that the command is done with. */
    void commit(ConsumerRecord<byte[], byte[]> command, String commandId, Verdict verdict, ConsumerGroupMetadata group)
            throws InterruptedException {
        producer.beginTransaction();
        var result = new CommandResult(
                commandId,
                switch (fitting(verdict)) {
                    case Verdict.Accepted accepted -> accepted(accepted);
                    case Verdict.Rejected rejected -> new CommandResult.Rejected(rejected.kind(), rejected.reason());
                });
        producer.send(CommandCodec.encode(topics.deploymentResults(), result));
        producer.sendOffsetsToTransaction(
                Map.of(
                        new TopicPartition(command.topic(), command.partition()),
                        new OffsetAndMetadata(command.offset() + 1)),
                group);
        producer.commitTransaction();
        LOG.atInfo()
                .addKeyValue("command", result.commandId())
                .addKeyValue("decision", result.decision())
                .log("command decided");
        if (result.decision() instanceof CommandResult.Accepted accepted) {
            awaitView(accepted.view());
        }
    }

    /** States that no command asked for. */
    void commit(List<State> states) throws InterruptedException {
        commitStamped(stamped(states));
    }

    /** A version of ours that another region deleted, with the stamp of that deletion. */
    record Adopted(State.NoVersion deletion, long at) {}

    /** That others deleted versions of ours, and what follows from it. */
    void adopt(List<Adopted> deletions, List<State> following) throws InterruptedException {
        var states = new ArrayList<>(stamped(following));
        deletions.forEach(adopted -> states.add(new Stamped(adopted.deletion(), region, Stamp.at(adopted.at()))));
        commitStamped(states);
    }

    private void commitStamped(List<Stamped> states) throws InterruptedException {
        producer.beginTransaction();
        var end = write(states);
        producer.commitTransaction();
        awaitView(end);
    }

    /** Removes an artifact's chunks for good. */
    void remove(Condemned artifact) throws InterruptedException {
        producer.beginTransaction();
        for (int index = 0; index < artifact.count(); index++) {
            producer.send(new ProducerRecord<>(
                    topics.artifacts(), artifact.partition(), Chunking.artifactKey(artifact.digest(), index), null));
        }
        var end = write(
                stamped(List.of(new State.NoCondemnation(artifact.digest()), new State.NoPlaced(artifact.digest()))));
        producer.commitTransaction();
        LOG.atInfo().addKeyValue("digest", artifact.digest()).log("artifact removed");
        awaitView(end);
    }

    /** A state that no record holds would fail the transaction, now and in every term after. */
    private Verdict fitting(Verdict verdict) {
        return verdict instanceof Verdict.Accepted accepted
                        && accepted.states().stream()
                                .anyMatch(state -> StateCodec.value(state).length > KafkaConnection.RECORD_BYTES)
                ? new Verdict.Rejected(ErrorKind.TOO_LARGE, "what is known of this would not fit a record")
                : verdict;
    }

    private CommandResult.Accepted accepted(Verdict.Accepted accepted) throws InterruptedException {
        return new CommandResult.Accepted(
                accepted.function(),
                accepted.version().map(Manifest::version),
                accepted.version().map(Manifest::digest),
                accepted.states().isEmpty(),
                write(stamped(accepted.states())),
                accepted.warning());
    }

    /** With one stamp, which is after all that was known to whoever decided. */
    private List<Stamped> stamped(List<State> states) {
        var at = Stamp.next(clock.millis(), view.latestStamp());
        return states.stream()
                .map(state -> new Stamped(state, region, new Stamp(at, cleared(state))))
                .toList();
    }

    private long cleared(State state) {
        return state instanceof State.Version version
                ? view.said(version.manifest().name(), version.manifest().version())
                        .cleared()
                : 0;
    }

    /** From which position on a view has the states. */
    private long write(List<Stamped> states) throws InterruptedException {
        var sends = new ArrayList<Future<RecordMetadata>>();
        for (var state : states) {
            sends.add(producer.send(StateCodec.encode(topics.functions(), state)));
        }
        return sends.isEmpty() ? view.position() : Awaited.of(sends.getLast()).offset() + 1;
    }

    /** The next decision must see this one. */
    private void awaitView(long position) throws InterruptedException {
        Awaited.of(view.awaitPosition(position));
    }
}
