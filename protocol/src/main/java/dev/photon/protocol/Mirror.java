package dev.photon.protocol;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Who copies the topics of other regions into a region's own cluster. */
public enum Mirror {
    /** Our own, which copies what functions are, and content only where it runs. */
    REPLICATOR,
    /** Kafka's, which copies both topics whole, secrets of others and all content included. */
    MIRROR_MAKER;

    static final String KEY = "PHOTON_MIRROR";

    /**
     * By its name in the settings.
     *
     * @throws IllegalArgumentException that says which there are
     */
    static Mirror named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException(Arrays.stream(values())
                        .map(Mirror::toString)
                        .collect(Collectors.joining("' or '", "it is '", "'"))));
    }

    /** As the settings call it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
