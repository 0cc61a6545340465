package dev.photon.registry;

import dev.photon.protocol.Digest;

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

    /** The same file, in another place. */
    AssetFile at(int otherBundle, long otherOffset) {
        return new AssetFile(path, digest, size, otherBundle, otherOffset);
    }
}
