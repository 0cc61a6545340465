package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.photon.protocol.Command;
import dev.photon.protocol.CommandResult;
import dev.photon.protocol.Digest;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.RegionConfig;
import dev.photon.registry.CommandSender;
import dev.photon.registry.MappedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;

/** Deploys without HTTP: the command and the registry's answer are records. */
final class KafkaDeployment {
    private static final int CONNECT_SECONDS = 10;
    private static final int DECISION_SECONDS = 60;

    private final RegionConfig region;

    KafkaDeployment(RegionConfig region) {
        this.region = region;
    }

    /** What HTTP would have answered. */
    JsonNode deploy(Optional<Path> module, Optional<Path> archive, String toml)
            throws IOException, InterruptedException {
        try (var sender = new CommandSender(region, InvocationIds.next());
                var moduleFile = MappedFile.open(module);
                var archiveFile = MappedFile.open(archive)) {
            await(sender.positioned(), CONNECT_SECONDS, "no answer from Kafka");
            var wanted = new CommandSender.Deployment(moduleFile.content(), archiveFile.content(), toml);
            var sent = sender.deploy(wanted, Command.BY_KAFKA);
            return switch (await(sent.decision(), DECISION_SECONDS, "no registry has decided yet")) {
                case CommandResult.Accepted accepted -> answer(accepted, sent.commandId());
                case CommandResult.Rejected rejected ->
                    throw RemoteFailure.ofStatus(rejected.kind().status(), rejected.reason());
            };
        } catch (KafkaException e) {
            throw failure(e, "Kafka does not take the module");
        }
    }

    private static JsonNode answer(CommandResult.Accepted accepted, String commandId) {
        var answer = JsonNodeFactory.instance
                .objectNode()
                .put("name", accepted.function())
                .put("version", accepted.version().orElse(""))
                .put("digest", accepted.digest().map(Digest::toString).orElse(""))
                .put("status", accepted.unchanged() ? "unchanged" : "deployed")
                .put("deploymentId", commandId);
        accepted.warning().ifPresent(warning -> answer.put("warning", warning));
        return answer;
    }

    private <T> T await(CompletableFuture<T> future, int seconds, String otherwise)
            throws RemoteFailure, InterruptedException {
        try {
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new RemoteFailure(
                    RemoteFailure.UNAVAILABLE, otherwise + " (" + region.kafka().bootstrap() + ")");
        } catch (ExecutionException e) {
            throw failure(e.getCause(), otherwise);
        }
    }

    /** Who is refused now is refused later, too. */
    private RemoteFailure failure(Throwable cause, String otherwise) {
        var refusal = region.kafka().refusal(cause);
        return refusal.isPresent()
                ? new RemoteFailure(RemoteFailure.REFUSED, refusal.get())
                : new RemoteFailure(RemoteFailure.UNAVAILABLE, otherwise + ": " + cause.getMessage());
    }
}
