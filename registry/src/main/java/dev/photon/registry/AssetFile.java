package dev.photon.registry;

import dev.photon.protocol.Digest;
import java.util.Optional;

/**
 * One static file of a version, and where its content lies.
 *
 * @param path from the site's root, with a slash at its beginning, as a person would write it: not percent-encoded
 * @param bundle which of the version's bundles has it, from 0 on
 * @param offset in the bundle, in bytes
 */
public record AssetFile(String path, Digest digest, long size, int bundle, long offset) {
    public AssetFile {
        if (!path.startsWith("/") || size < 0 || bundle < 0 || offset < 0) {
            throw new IllegalArgumentException("a number or the path of a static file is out of its range");
        }
    }

    /** Its strong entity tag (RFC 9110, section 8.8.3), with the quotes. */
    public String entityTag() {
        return '"' + digest.hex().substring(0, 32) + '"';
    }

    /**
     * The value of Content-Type. Texts are taken for UTF-8, as everything is today.
     *
     * @param byName what a table says of such names, if it knows them
     */
    public static String contentType(Optional<String> byName) {
        var type = byName.orElse("application/octet-stream");
        var text = type.startsWith("text/") || type.endsWith("javascript") || type.endsWith("json");
        return text ? type + "; charset=utf-8" : type;
    }

    /** The same file, in another place. */
    AssetFile at(int otherBundle, long otherOffset) {
        return new AssetFile(path, digest, size, otherBundle, otherOffset);
    }
}
