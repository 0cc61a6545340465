package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Decoded;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What a region takes over of another one's functions: versions, aliases, histories and keys. Secrets are each region's
 * own, and so is where artifacts lie. Immutable.
 *
 * @param origin the other region
 * @param region the one that takes over
 * @param topic of its copy
 */
public record Mirrored(String origin, String region, String topic) {
    private static final byte[] CHECKPOINT = State.CHECKPOINT.getBytes(UTF_8);

    /**
     * The record to write for one that was read; empty when it is not taken over. Of a version that does not run here,
     * the private part is left out. No others are looked into: whoever reads the copy knows what is no state.
     */
    public Optional<ProducerRecord<byte[], byte[]>> of(ConsumerRecord<byte[], byte[]> source) {
        // Nothing is passed on that did not originate there, however regions are wired.
        if (!StateKeys.isForAll(source.key()) || !isOfOrigin(source)) {
            return Optional.empty();
        }
        return isAsItStands(source) ? Optional.of(written(source, source.value())) : lookedInto(source);
    }

    /** The region where a record originated that would be taken over, had it originated in the other region. */
    public Optional<String> foreign(ConsumerRecord<byte[], byte[]> source) {
        return StateKeys.isForAll(source.key()) && !isOfOrigin(source)
                ? Optional.of(StateCodec.origin(source))
                : Optional.empty();
    }

    private boolean isOfOrigin(ConsumerRecord<byte[], byte[]> source) {
        var from = StateCodec.origin(source);
        return from.isEmpty() || from.equals(origin);
    }

    private boolean isAsItStands(ConsumerRecord<byte[], byte[]> source) {
        return source.value() == null
                || !StateKeys.kind(source.key()).equals(State.VERSION)
                || PlacementScan.runsIn(region, source.key(), source.value());
    }

    private Optional<ProducerRecord<byte[], byte[]>> lookedInto(ConsumerRecord<byte[], byte[]> source) {
        return switch (StateCodec.decode(source)) {
            case Decoded.Valid<Stamped> valid ->
                Optional.of(written(source, value(source, valid.value().state())));
            case Decoded.Malformed<Stamped> odd -> Optional.empty();
        };
    }

    private byte[] value(ConsumerRecord<byte[], byte[]> source, State state) {
        return state instanceof State.Version version
                        && !version.manifest().placement().includes(region)
                ? StateCodec.value(new State.Version(version.manifest().withoutPrivate()))
                : source.value();
    }

    /** With its time, by which a record without a stamp is ordered. */
    private ProducerRecord<byte[], byte[]> written(ConsumerRecord<byte[], byte[]> source, byte[] value) {
        return new ProducerRecord<>(topic, null, source.timestamp(), source.key(), value, source.headers());
    }

    /** The record that says how far the copy goes. */
    public ProducerRecord<byte[], byte[]> checkpoint(Checkpoint checkpoint) {
        return StateCodec.encode(topic, new Stamped(new State.Copied(checkpoint), region, Stamp.at(0)));
    }

    /** The record that takes a key out of the copy, which is not in the original any more. */
    public ProducerRecord<byte[], byte[]> erased(byte[] key) {
        return new ProducerRecord<>(topic, key, null);
    }

    /** Whether a record of a copy is about the copy itself, and so nothing that was taken over. */
    public static boolean isCheckpoint(ConsumerRecord<byte[], byte[]> source) {
        return Arrays.equals(source.key(), CHECKPOINT);
    }

    /** What a record of a copy says of how far it goes; empty for all other records. */
    public static Optional<Checkpoint> checkpoint(ConsumerRecord<byte[], byte[]> source) {
        return isCheckpoint(source)
                        && StateCodec.decode(source) instanceof Decoded.Valid<Stamped> valid
                        && valid.value().state() instanceof State.Copied copied
                ? Optional.of(copied.checkpoint())
                : Optional.empty();
    }
}
