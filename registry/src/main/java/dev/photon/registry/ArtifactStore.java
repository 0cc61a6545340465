package dev.photon.registry;

import dev.photon.protocol.Digest;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Settings;
import dev.photon.protocol.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches modules when they are first needed, verifies their digest, and keeps them on disk. Thread-safe; processes may
 * share the folder, since a file appears under its name only when it is complete.
 */
public final class ArtifactStore {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactStore.class);

    private final ChunkReader chunks;
    private final String topic;
    private final Path folder;

    /**
     * @param folder created if it is missing
     */
    public ArtifactStore(KafkaConnection kafka, Topics topics, Path folder) throws IOException {
        this.chunks = new ChunkReader(kafka);
        this.topic = topics.artifacts();
        this.folder = Files.createDirectories(folder);
    }

    /** The folder that {@code PHOTON_CACHE} names, or one in the temporary folder. */
    public static Path folder(Settings settings) {
        var temporary = Path.of(System.getProperty("java.io.tmpdir"), "photon-cache");
        return Path.of(settings.text("PHOTON_CACHE", temporary.toString()));
    }

    /**
     * The module's bytes. Blocks for as long as Kafka takes, at most about 20 s.
     *
     * @throws IOException when the module is nowhere to be found, or the disk fails
     */
    public byte[] fetch(Manifest manifest) throws IOException {
        var kept = kept(manifest.digest());
        if (kept.isPresent()) {
            return kept.get();
        }
        var bytes = fromKafka(manifest)
                .orElseThrow(() -> new IOException("the artifact " + manifest.digest() + " is not in the log"));
        keep(manifest.digest(), bytes);
        return bytes;
    }

    private Optional<byte[]> kept(Digest digest) throws IOException {
        var file = folder.resolve(digest.hex());
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var bytes = Files.readAllBytes(file);
        if (Digest.of(bytes).equals(digest)) {
            return Optional.of(bytes);
        }
        LOG.atWarn().addKeyValue("file", file).log("artifact on disk is damaged and fetched again");
        return Optional.empty();
    }

    private Optional<byte[]> fromKafka(Manifest manifest) {
        var digest = manifest.digest();
        var place = manifest.chunks();
        var partition = new TopicPartition(topic, place.partition());
        var wanted = new ChunkReader.Wanted(
                manifest.size(), digest, place.count(), index -> Chunking.artifactKey(digest, index));
        var found = chunks.read(partition, place.firstOffset(), wanted);
        // Another deployment of the same content may have left newer chunks, and compaction taken these.
        return found.isPresent() ? found : chunks.read(partition, 0, wanted);
    }

    private void keep(Digest digest, byte[] bytes) throws IOException {
        var partial = Files.createTempFile(folder, digest.hex(), ".partial");
        try {
            Files.write(partial, bytes);
            Files.move(partial, folder.resolve(digest.hex()), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}
