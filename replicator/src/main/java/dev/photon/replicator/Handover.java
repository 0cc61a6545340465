package dev.photon.replicator;

import dev.photon.protocol.CommandResult;
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

/** Hands content that came to this region's registry, which keeps it. Thread-safe. */
record Handover(FunctionView view, CommandSender commands) {
    private static final String BY = "replicator";
    /** The registry may be at a large module. */
    private static final Duration DECISION = Duration.ofMinutes(1);

    private static final Duration VIEW = Duration.ofSeconds(10);

    /**
     * Afterwards the view knows that the content is here, and the file is gone: the latter whatever happens, since disks
     * are finite, and so is what a retry fetches again.
     *
     * @throws IOException when the registry refuses it, or the disk fails
     * @throws TimeoutException when the registry does not decide within a minute
     * @throws org.apache.kafka.common.KafkaException when Kafka does not answer
     */
    void take(Path file) throws IOException, InterruptedException, TimeoutException {
        try {
            switch (decision(file)) {
                case CommandResult.Accepted accepted -> await(view.awaitPosition(accepted.view()), VIEW);
                case CommandResult.Rejected rejected -> throw new IOException(rejected.reason());
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private CommandResult.Decision decision(Path file) throws IOException, InterruptedException, TimeoutException {
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
}
