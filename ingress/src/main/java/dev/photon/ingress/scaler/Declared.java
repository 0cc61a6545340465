package dev.photon.ingress.scaler;

import dev.photon.registry.EntryTopic;
import dev.photon.registry.Trigger;
import java.util.List;

/** What executors consume beside the region's own topics, as it is at any moment. Thread-safe, and blocks nobody. */
public interface Declared {
    /** What runs functions for records here. */
    List<Trigger> triggers();

    /** The topics through which publishers call functions here. */
    List<EntryTopic> entries();
}
