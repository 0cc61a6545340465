package dev.photon.registry;

import dev.photon.protocol.Command;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.kafka.common.TopicPartition;

/** What deployers wrote to {@code photon.uploads}. */
final class Uploads {
    private final ChunkReader chunks;
    private final String topic;
    private final ArtifactStore disk;

    Uploads(ChunkReader chunks, String topic, ArtifactStore disk) {
        this.chunks = chunks;
        this.topic = topic;
        this.disk = disk;
    }

    /** Where uploads lie while they are examined. */
    ArtifactStore disk() {
        return disk;
    }

    /**
     * The whole content, verified. Closing it frees the disk.
     *
     * @throws Refused when it is not all there
     * @throws IOException when the disk fails
     */
    MappedFile collect(Command.Content.Uploaded upload) throws Refused, IOException {
        if (upload.chunks() != Chunking.count(upload.size())) {
            throw new Refused("an upload is cut into chunks of " + Chunking.CHUNK_BYTES + " bytes");
        }
        var wanted = new ChunkReader.Wanted(
                upload.size(), upload.digest(), upload.chunks(), index -> Chunking.uploadKey(upload.id(), index));
        var partial = disk.partial();
        try {
            if (!chunks.read(new TopicPartition(topic, upload.partition()), upload.firstOffset(), wanted, partial)) {
                throw new Refused("the upload is not complete: upload it again");
            }
            return MappedFile.open(partial);
        } finally {
            // What is mapped stays readable.
            Files.deleteIfExists(partial);
        }
    }
}
