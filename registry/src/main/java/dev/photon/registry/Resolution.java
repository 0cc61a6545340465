package dev.photon.registry;

import dev.photon.protocol.ViewPosition;

/** What a function's name and version stand for, at one position of the view. */
public sealed interface Resolution {

    /**
     * @param viewPosition a view that has read up to there has the version, too
     */
    record Found(Manifest manifest, ViewPosition viewPosition) implements Resolution {}

    /**
     * There is such a version, which does not run in this region.
     *
     * @param origin the region it was deployed in
     * @param coming whether it is placed here, and its artifacts are on their way
     */
    record NotHere(Manifest manifest, String origin, boolean coming) implements Resolution {}

    record NoFunction(String name) implements Resolution {}

    record NoVersion(String name, String version) implements Resolution {}

    /** All versions that the alias stands for were deleted, in another region perhaps. */
    record NoneLeft(String name, String alias) implements Resolution {}
}
