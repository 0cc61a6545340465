package dev.photon.registry;

import dev.photon.protocol.Digest;
import java.util.List;

/**
 * The static files of a version.
 *
 * @param tree of all paths and contents: two versions with the same files have the same
 * @param files how many, 1 to 20,000
 * @param bytes of all of them together
 * @param bundles where their contents lie; the index of them all is at the end of the last one
 * @param indexBytes the length of the index
 * @param rules how they are served
 */
public record Assets(Digest tree, int files, long bytes, List<Artifact> bundles, int indexBytes, Rules rules) {
    /** The most files of a version. */
    public static final int MAX_FILES = 20_000;

    /** The page of a folder. */
    public static final String INDEX = "/index.html";

    /** The most bundles; a deployment that would need more copies all files into one. */
    static final int MAX_BUNDLES = 32;

    public Assets {
        bundles = List.copyOf(bundles);
        var fits = files >= 1 && files <= MAX_FILES && bytes >= 0 && indexBytes >= 1;
        if (!fits
                || bundles.isEmpty()
                || bundles.size() > MAX_BUNDLES
                || indexBytes > bundles.getLast().size()) {
            throw new IllegalArgumentException("a number of the assets is out of its range");
        }
    }

    /** The bundle that was made for this version. */
    public Artifact last() {
        return bundles.getLast();
    }

    /**
     * What {@code [static_assets]} says.
     *
     * @param spa whether a page that is asked for and is not there is the index page of a single-page application
     * @param notFound the file that is answered, with 404, when nothing else is there; empty for none
     * @param functionFirst paths for which the function is asked first, with {@code *} at the end for all that begin so
     */
    public record Rules(boolean spa, String notFound, List<String> functionFirst) {
        /** What holds where {@code photoniq.toml} says nothing. */
        public static final Rules DEFAULT = new Rules(false, "", List.of());

        public Rules {
            functionFirst = List.copyOf(functionFirst);
        }

        /**
         * @param path as the function sees it
         */
        public boolean isForFunction(String path) {
            for (var pattern : functionFirst) {
                var matches = pattern.endsWith("*")
                        ? path.startsWith(pattern.substring(0, pattern.length() - 1))
                        : path.equals(pattern);
                if (matches) {
                    return true;
                }
            }
            return false;
        }
    }
}
