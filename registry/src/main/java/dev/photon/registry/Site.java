package dev.photon.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A version's files, on this machine's disk. Thread-safe.
 *
 * @param bundles the files that hold the contents
 */
public record Site(AssetIndex index, List<Path> bundles) {

    /**
     * Fetches what is not on disk yet. Blocks for as long as Kafka takes.
     *
     * @throws IOException when a bundle is nowhere to be found, or the disk fails
     * @throws org.apache.kafka.common.KafkaException when Kafka does not answer
     */
    public static Site open(ArtifactStore store, Assets assets) throws IOException {
        var bundles = new ArrayList<Path>();
        for (var bundle : assets.bundles()) {
            bundles.add(store.fetch(bundle));
        }
        return new Site(AssetIndex.read(assets, bundles.getLast()), List.copyOf(bundles));
    }

    /** The file on disk that has the content, at the file's offset. */
    public Path bundle(AssetFile file) {
        return bundles.get(file.bundle());
    }
}
