package dev.photon.registry;

/**
 * A version as a region has it.
 *
 * @param manifest says where the artifacts lie here, if they do
 * @param origin the region it was deployed in
 * @param presence whether it runs here
 */
record Deployed(Manifest manifest, String origin, Presence presence) {
    enum Presence {
        HERE,
        /** Its artifacts are on their way. */
        COMING,
        /** It is placed in other regions alone. */
        ELSEWHERE
    }

    boolean isHere() {
        return presence == Presence.HERE;
    }
}
