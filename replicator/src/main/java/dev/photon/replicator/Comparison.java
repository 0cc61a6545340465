package dev.photon.replicator;

import dev.photon.protocol.Digest;
import dev.photon.registry.Checkpoint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Makes a copy equal to its source when it is not known how far it goes. Digests and offsets are in memory, not values;
 * how far the copy goes is written last, so what was broken off begins anew. Confined to the flow's thread.
 *
 * <pre>
 * source, once:  key → offset of the last record that is taken over
 * copy:          key → digest of what stands there
 * source, again: each of these records ──► differs? ──► written
 * keys of the copy that the source does not have ─────► erased ──► checkpoint
 * </pre>
 *
 * <p>A source with nothing to take over erases nothing: its log was lost, or it is not the region that it is taken for.
 */
final class Comparison {
    private static final int BATCH = 2_000;

    private final Source source;
    private final Copy copy;
    private final Intake intake;
    private final Readings readings;
    private final BooleanSupplier goesOn;

    Comparison(Source source, Copy copy, Intake intake, Readings readings, BooleanSupplier goesOn) {
        this.source = source;
        this.copy = copy;
        this.intake = intake;
        this.readings = readings;
        this.goesOn = goesOn;
    }

    /**
     * Afterwards the source is where the checkpoint says.
     *
     * @return false when the source has nothing to take over, though the copy has; then nothing was written
     */
    boolean run(String topicId) throws InterruptedException {
        var whole = source.whole();
        var there = new There();
        source.read(whole, goesOn, batch -> batch.forEach(there::see));
        var prints = copy.prints(goesOn);
        if (!there.something && !prints.isEmpty()) {
            return false;
        }
        source.read(whole, goesOn, batch -> write(different(batch, there.last, prints), Optional.empty()));
        prints.keySet().removeAll(there.last.keySet());
        erase(List.copyOf(prints.keySet()), source.checkpoint(topicId));
        return true;
    }

    /** What the source has. */
    private final class There {
        private final Map<ByteBuffer, Long> last = new HashMap<>();
        private boolean something;

        void see(ConsumerRecord<byte[], byte[]> read) {
            intake.of(read).ifPresent(taken -> {
                last.put(ByteBuffer.wrap(read.key()), read.offset());
                something |= taken.value() != null;
            });
        }
    }

    private List<ProducerRecord<byte[], byte[]>> different(
            List<ConsumerRecord<byte[], byte[]>> batch, Map<ByteBuffer, Long> last, Map<ByteBuffer, Digest> prints) {
        var different = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (var read : batch) {
            if (read.key() == null) {
                continue;
            }
            var key = ByteBuffer.wrap(read.key());
            var lastOffset = last.get(key);
            if (lastOffset != null && lastOffset == read.offset()) {
                var print = Optional.ofNullable(prints.get(key));
                intake.of(read).filter(written -> !print.equals(print(written))).ifPresent(different::add);
            }
        }
        return different;
    }

    /** Empty for one that only takes a key out. */
    private static Optional<Digest> print(ProducerRecord<byte[], byte[]> written) {
        return written.value() == null ? Optional.empty() : Optional.of(Prints.of(written));
    }

    private void erase(List<ByteBuffer> keys, Checkpoint checkpoint) {
        var erased = keys.stream().map(key -> intake.erased(bytes(key))).toList();
        var from = 0;
        for (; erased.size() - from > BATCH; from += BATCH) {
            write(erased.subList(from, from + BATCH), Optional.empty());
        }
        write(erased.subList(from, erased.size()), Optional.of(checkpoint));
    }

    private static byte[] bytes(ByteBuffer key) {
        var bytes = new byte[key.remaining()];
        key.get(key.position(), bytes);
        return bytes;
    }

    private void write(List<ProducerRecord<byte[], byte[]>> records, Optional<Checkpoint> checkpoint) {
        if (!records.isEmpty() || checkpoint.isPresent()) {
            copy.write(records, checkpoint);
            readings.copied(
                    records.size(), records.stream().mapToLong(Sizes::of).sum());
        }
    }
}
