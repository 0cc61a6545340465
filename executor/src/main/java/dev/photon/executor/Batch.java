package dev.photon.executor;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * What becomes safe of one partition at once: how far it is then, and what its records led to until there, by their
 * offsets.
 */
record Batch(OffsetAndMetadata progress, SortedMap<Long, Held> outputs) {
    Batch {
        outputs = Collections.unmodifiableSortedMap(new TreeMap<>(outputs));
    }

    static Batch of(OffsetAndMetadata progress) {
        return new Batch(progress, new TreeMap<>());
    }
}
