package dev.photon.ingress;

import java.util.regex.Pattern;

/** How long others may keep a static file (RFC 9111), by its name. */
final class Freshness {
    /**
     * A part of the name that bundlers compute from the content: hexadecimal digits as webpack and others write them, or
     * the eight of base64url that Vite and Rollup write. Words and dates are not taken for one.
     */
    private static final Pattern HASHED = Pattern.compile("[^/]*[.-](?:"
            + "(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8,64}"
            + "|(?=[\\w-]*[a-z])(?=[\\w-]*[A-Z])(?=[\\w-]*[0-9])[\\w-]{8}"
            + ")\\.[^/]+");

    private Freshness() {}

    /**
     * The value of Cache-Control.
     *
     * @param path of the file
     * @param forEverybody whether it is sent to clients without a key, too
     */
    static String cacheControl(String path, boolean forEverybody) {
        var who = forEverybody ? "public" : "private";
        var name = path.substring(path.lastIndexOf('/') + 1);
        return HASHED.matcher(name).matches() ? who + ", max-age=31536000, immutable" : who + ", no-cache";
    }
}
