package dev.photon.replicator;

import dev.photon.protocol.CommandResult;
import dev.photon.protocol.Region;
import dev.photon.protocol.Topics;
import dev.photon.registry.Artifact;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.CommandSender;
import dev.photon.registry.FunctionView;
import dev.photon.registry.MappedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings content from one other region to this one's registry, which keeps it. Thread-safe. */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final String BY = "replicator";
    /** The registry may be at a large module. */
    private static final Duration DECISION = Duration.ofMinutes(1);

    private static final Duration VIEW = Duration.ofSeconds(10);

    private final String origin;
    private final ArtifactStore store;
    private final Bandwidth bandwidth;
    private final Readings readings;
    private final Pauses pauses;

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

    /** Whether the content is here now. If it is, the view knows. Why not, is logged. */
    boolean bring(Artifact artifact, FunctionView view, CommandSender commands) {
        try {
            passOn(store.fetch(artifact), view, commands);
            readings.brought();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | TimeoutException | RuntimeException e) {
            if (!pauses.closed()) {
                readings.failed();
                LOG.atWarn()
                        .addKeyValue("region", origin)
                        .addKeyValue("digest", artifact.digest())
                        .addKeyValue("error", e.toString())
                        .log("content could not be brought, tried again");
            }
        }
        return false;
    }

    /** The file is gone afterwards, whatever happens: disks are finite, and so is what a retry fetches again. */
    private static void passOn(Path file, FunctionView view, CommandSender commands)
            throws IOException, InterruptedException, TimeoutException {
        try {
            place(file, view, commands);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void place(Path file, FunctionView view, CommandSender commands)
            throws IOException, InterruptedException, TimeoutException {
        switch (decision(file, commands)) {
            case CommandResult.Accepted accepted -> await(view.awaitPosition(accepted.view()), VIEW);
            case CommandResult.Rejected rejected -> throw new IOException(rejected.reason());
        }
    }

    private static CommandResult.Decision decision(Path file, CommandSender commands)
            throws IOException, InterruptedException, TimeoutException {
        try (var content = MappedFile.open(file)) {
            var sent = commands.place(content.content(), BY);
            try {
                return await(sent.decision(), DECISION);
            } finally {
                commands.forget(sent.commandId());
            }
        }
    }

    private static <T> T await(CompletableFuture<T> future, Duration time)
            throws IOException, InterruptedException, TimeoutException {
        try {
            return future.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
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
