package dev.photon.replicator;

import dev.photon.protocol.Region;
import dev.photon.protocol.Topics;
import dev.photon.registry.Artifact;
import dev.photon.registry.ArtifactStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings content from one other region. Thread-safe. */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final String origin;
    private final ArtifactStore store;
    private final Bandwidth bandwidth;
    private final Readings readings;
    private final Pauses pauses;
    private volatile boolean silent;

    /**
     * @param folder where content lies on its way
     * @throws IOException when nothing can be kept there
     */
    Lane(Region origin, Topics topics, Path folder, Bandwidth bandwidth, Readings readings, Pauses pauses)
            throws IOException {
        this.origin = origin.name();
        this.bandwidth = bandwidth;
        this.readings = readings;
        this.pauses = pauses;
        this.store = new ArtifactStore(origin.kafka(), topics, folder, this::hold);
    }

    String origin() {
        return origin;
    }

    /** Whether the region did not answer the last time that it was asked, or nothing is known of its functions now. */
    boolean isSilent() {
        return silent || readings.lag().isEmpty();
    }

    /**
     * A file with the content; empty when it did not come. Why not, is logged; that a region which did not deploy it does
     * not have it is no failure.
     *
     * @param deployedBy a region, in which it lies as the artifact says
     */
    Optional<Path> fetch(String deployedBy, Artifact artifact) {
        try {
            var file = origin.equals(deployedBy) ? Optional.of(store.fetch(artifact)) : store.find(artifact);
            silent = false;
            return file;
        } catch (IOException e) {
            silent = false;
            failed(artifact, e);
        } catch (RuntimeException e) {
            silent = e instanceof KafkaException && !(e instanceof InterruptException);
            failed(artifact, e);
        }
        return Optional.empty();
    }

    /** Whether the registry has what was fetched now. If it has, the view knows. Why not, is logged. */
    boolean handOver(Path file, Artifact artifact, Handover handover) {
        try {
            handover.take(file);
            readings.brought();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | TimeoutException | RuntimeException e) {
            failed(artifact, e);
        }
        return false;
    }

    private void failed(Artifact artifact, Exception failure) {
        if (!pauses.closed()) {
            readings.failed();
            LOG.atWarn()
                    .addKeyValue("region", origin)
                    .addKeyValue("digest", artifact.digest())
                    .addKeyValue("error", failure.toString())
                    .log("content could not be brought, tried again");
        }
    }

    private void hold(int bytes) {
        try {
            pauses.await(Duration.ofNanos(bandwidth.nanosAfterContent(bytes)));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
