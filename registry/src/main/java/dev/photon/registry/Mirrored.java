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
     * the private part is left out.
     */
    public Optional<ProducerRecord<byte[], byte[]>> of(ConsumerRecord<byte[], byte[]> source) {
        return switch (StateCodec.decode(source)) {
            case Decoded.Valid<Stamped> valid -> of(source, valid.value());
            case Decoded.Malformed<Stamped> odd -> Optional.empty();
        };
    }

    /** The region where a record originated that would be taken over, had it originated in the other region. */
    public Optional<String> foreign(ConsumerRecord<byte[], byte[]> source) {
        return StateCodec.decode(source) instanceof Decoded.Valid<Stamped> valid
                        && valid.value().state().isForAll()
                        && !isOfOrigin(valid.value())
                ? Optional.of(valid.value().origin())
                : Optional.empty();
    }

    private boolean isOfOrigin(Stamped stamped) {
        return stamped.origin().isEmpty() || stamped.origin().equals(origin);
    }

    private Optional<ProducerRecord<byte[], byte[]>> of(ConsumerRecord<byte[], byte[]> source, Stamped stamped) {
        // Nothing is passed on that did not originate there, however regions are wired.
        if (!stamped.state().isForAll() || !isOfOrigin(stamped)) {
            return Optional.empty();
        }
        var unplaced = stamped.state() instanceof State.Version version
                && !version.manifest().placement().includes(region);
        var value = unplaced
                ? StateCodec.value(new State.Version(
                        ((State.Version) stamped.state()).manifest().withoutPrivate()))
                : source.value();
        // With its time, by which a record without a stamp is ordered.
        return Optional.of(
                new ProducerRecord<>(topic, null, source.timestamp(), source.key(), value, source.headers()));
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
