package dev.photon.protocol;

/**
 * How far a view has read the functions of its region and, where one of another region was found, the copy of that
 * region's.
 *
 * @param own the next offset of {@code photon.functions} to be read, at least 0
 * @param origin the other region; empty for none
 * @param copied the next offset of the copy to be read, at least 0
 */
public record ViewPosition(long own, String origin, long copied) {
    /** Where what was found is of the view's own region. */
    public static ViewPosition of(long own) {
        return new ViewPosition(own, "", 0);
    }
}
