package dev.photon.registry;

/**
 * When a region wrote a state, by its hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014): the
 * time in milliseconds since 1970-01-01T00:00Z, times 65,536, or more where clocks lag behind what was read. Of two
 * states of which one region knew the other when it wrote its own, the later has the higher stamp.
 *
 * @param at unique among the decisions of its region
 * @param cleared of a version, the stamp of the last deletion before it that its region knew; 0 for none
 */
record Stamp(long at, long cleared) {
    private static final int LOGICAL_BITS = 16;

    static Stamp at(long at) {
        return new Stamp(at, 0);
    }

    /** About when that was, in milliseconds since 1970-01-01T00:00Z. */
    long millis() {
        return at >>> LOGICAL_BITS;
    }

    /** The next one, after all that is known. */
    static long next(long nowMillis, long latest) {
        return Math.max(atMillis(nowMillis), latest + 1);
    }

    /** The least stamp of that time. */
    static long atMillis(long millis) {
        return millis << LOGICAL_BITS;
    }
}
