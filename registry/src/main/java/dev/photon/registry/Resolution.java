package dev.photon.registry;

/** What a function's name and version stand for, at one position of the view. */
public sealed interface Resolution {

    /**
     * @param viewPosition of {@code photon.functions}: a view that has read up to there has the version, too
     */
    record Found(Manifest manifest, long viewPosition) implements Resolution {}

    record NoFunction(String name) implements Resolution {}

    record NoVersion(String name, String version) implements Resolution {}
}
