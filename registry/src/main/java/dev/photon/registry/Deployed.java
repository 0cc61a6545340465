package dev.photon.registry;

/**
 * A version as a region has it. Immutable.
 *
 * @param manifest says where the artifacts lie here, if they do
 * @param origin the region it was deployed in
 * @param presence whether it runs here
 * @param since when that is so, in milliseconds since 1970-01-01T00:00Z, by the clock of the region that decided it
 */
public record Deployed(Manifest manifest, String origin, Presence presence, long since) {
    /** Where a version is. */
    public enum Presence {
        /** It can be run here. */
        HERE,
        /** Its artifacts are on their way. */
        COMING,
        /** It is placed in other regions alone. */
        ELSEWHERE
    }

    /** Whether it can be run here. */
    public boolean isHere() {
        return presence == Presence.HERE;
    }
}
