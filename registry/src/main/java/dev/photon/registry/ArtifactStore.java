package dev.photon.registry;

import dev.photon.protocol.Digest;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Settings;
import dev.photon.protocol.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches modules and bundles of files when they are first needed, verifies their digest, and keeps them on disk.
 * Thread-safe; processes may share the folder, since a file appears under its name only when it is complete.
 */
public final class ArtifactStore {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactStore.class);
    private static final String PARTIAL = ".partial";
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final ChunkReader chunks;
    private final Whereabouts whereabouts;
    private final String topic;
    private final Path folder;

    /**
     * @param folder created if it is missing
     * @throws IOException when nothing can be kept there
     */
    public ArtifactStore(KafkaConnection kafka, Topics topics, Path folder) throws IOException {
        this(kafka, topics, folder, bytes -> {});
    }

    /**
     * One whose reading is held up.
     *
     * @param pace is told, by whoever fetches, how many bytes came, and returns when more may be read
     */
    public ArtifactStore(KafkaConnection kafka, Topics topics, Path folder, IntConsumer pace) throws IOException {
        this.chunks = new ChunkReader(kafka, pace);
        this.whereabouts = new Whereabouts(kafka, topics.functions(), pace);
        this.topic = topics.artifacts();
        this.folder = Files.createDirectories(folder);
        requireWritable();
        sweep();
    }

    /** Or the process would be ready, and fail every call. */
    private void requireWritable() throws IOException {
        try {
            Files.delete(partial());
        } catch (IOException e) {
            throw new IOException("PHOTON_CACHE: nothing can be kept in %s: %s".formatted(folder, e), e);
        }
    }

    /** The folder that {@code PHOTON_CACHE} names, or one in the temporary folder. */
    public static Path folder(Settings settings) {
        var temporary = Path.of(System.getProperty("java.io.tmpdir"), "photon-cache");
        return Path.of(settings.text("PHOTON_CACHE", temporary.toString()));
    }

    /**
     * A file with the content, which must not be changed. Blocks for as long as Kafka takes, and gives up when
     * that says nothing for 10 s.
     *
     * @throws IOException when the artifact is nowhere to be found, or the disk fails
     * @throws org.apache.kafka.common.KafkaException when Kafka does not answer
     */
    public Path fetch(Artifact artifact) throws IOException {
        var kept = kept(artifact.digest());
        return kept.isPresent()
                ? kept.get()
                : download(artifact.digest(), into -> read(artifact, into))
                        .orElseThrow(() -> new IOException("the artifact " + artifact.digest() + " is not in the log"));
    }

    /**
     * The same for content that was deployed elsewhere, and may have been brought here: of the artifact, where its chunks
     * lie is not looked at, since that is so where it was deployed; the region's own functions say where it is.
     *
     * @return empty when it is not there, or came within the last ten seconds
     * @throws IOException when the disk fails
     * @throws org.apache.kafka.common.KafkaException when Kafka does not answer
     */
    public Optional<Path> find(Artifact artifact) throws IOException {
        var kept = kept(artifact.digest());
        return kept.isPresent() ? kept : download(artifact.digest(), into -> find(artifact, into));
    }

    private boolean find(Artifact artifact, Path into) throws IOException {
        var partition = whereabouts.of(artifact.digest());
        return partition.isPresent()
                && chunks.read(new TopicPartition(topic, partition.getAsInt()), 0, wanted(artifact), into);
    }

    private Optional<Path> kept(Digest digest) throws IOException {
        var file = folder.resolve(digest.hex());
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        if (Digest.of(file).equals(digest)) {
            return Optional.of(file);
        }
        LOG.atWarn().addKeyValue("file", file).log("artifact on disk is damaged and fetched again");
        return Optional.empty();
    }

    private interface Source {
        /** Whether the content is in the file now. */
        boolean read(Path into) throws IOException;
    }

    private Optional<Path> download(Digest digest, Source source) throws IOException {
        var partial = partial();
        try {
            return source.read(partial)
                    ? Optional.of(Files.move(partial, folder.resolve(digest.hex()), StandardCopyOption.ATOMIC_MOVE))
                    : Optional.empty();
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private boolean read(Artifact artifact, Path into) throws IOException {
        var place = artifact.chunks();
        var partition = new TopicPartition(topic, place.partition());
        var wanted = wanted(artifact);
        // Another deployment of the same content may have left newer chunks, and compaction taken these.
        return chunks.read(partition, place.firstOffset(), wanted, into) || chunks.read(partition, 0, wanted, into);
    }

    private static ChunkReader.Wanted wanted(Artifact artifact) {
        var digest = artifact.digest();
        return new ChunkReader.Wanted(
                artifact.size(), digest, artifact.chunks().count(), index -> Chunking.artifactKey(digest, index));
    }

    /** An empty file beside those that are kept, for something that is not complete. Whoever asks deletes it. */
    Path partial() throws IOException {
        // A cleaner of temporary files may have been here.
        return Files.createTempFile(Files.createDirectories(folder), "", PARTIAL);
    }

    private static Instant lastModified(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (NoSuchFileException e) {
            // Another process was faster.
            return Instant.MAX;
        }
    }

    /** What a process left that was killed. */
    private void sweep() throws IOException {
        var before = Instant.now().minus(ABANDONED);
        try (var left = Files.newDirectoryStream(folder, "*" + PARTIAL)) {
            for (var file : left) {
                if (lastModified(file).isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
