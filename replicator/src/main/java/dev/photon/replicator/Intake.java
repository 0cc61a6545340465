package dev.photon.replicator;

import dev.photon.registry.Mirrored;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is taken over of the records of another region. One that originated in a third is not, and is counted: it shows
 * that regions are wired wrongly. Confined to the flow's thread.
 */
final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final Mirrored mirrored;
    private final Readings readings;
    private boolean told;

    Intake(Mirrored mirrored, Readings readings) {
        this.mirrored = mirrored;
        this.readings = readings;
    }

    /** The record to write; empty when it is not taken over. */
    Optional<ProducerRecord<byte[], byte[]>> of(ConsumerRecord<byte[], byte[]> read) {
        var taken = mirrored.of(read);
        if (taken.isEmpty()) {
            mirrored.foreign(read).ifPresent(this::dropped);
        }
        return taken;
    }

    /** The record that takes a key out of the copy. */
    ProducerRecord<byte[], byte[]> erased(byte[] key) {
        return mirrored.erased(key);
    }

    private void dropped(String origin) {
        readings.dropped();
        if (!told) {
            told = true;
            LOG.atWarn()
                    .addKeyValue("region", mirrored.origin())
                    .addKeyValue("origin", origin)
                    .log("record of a third region is not copied, nor is any other: is PHOTON_REGIONS right?");
        }
    }
}
