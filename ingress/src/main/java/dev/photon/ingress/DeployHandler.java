package dev.photon.ingress;

import dev.photon.ingress.CommandHandler.Unfit;
import dev.photon.protocol.CommandResult;
import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import dev.photon.registry.CommandSender;
import dev.photon.registry.KeyRole;
import dev.photon.registry.MappedFile;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.FileUpload;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** {@code POST /deploy}: multipart form data in, a deployment command out. */
final class DeployHandler {
    private static final String MODULE = "functionFile";
    private static final String TOML = "photoniqToml";
    private static final int MAX_TOML_BYTES = 64 * 1024;

    private final CommandHandler commands;
    private final CommandSender sender;
    private final int maxArtifactBytes;

    DeployHandler(CommandHandler commands, CommandSender sender, int maxArtifactBytes) {
        this.commands = commands;
        this.sender = sender;
        this.maxArtifactBytes = maxArtifactBytes;
    }

    void handle(RoutingContext exchange) {
        commands.handle(exchange, KeyRole.DEPLOY, by -> send(exchange, by), DeployHandler::deployed);
    }

    private static JsonObject deployed(CommandResult.Accepted accepted) {
        var answer = new JsonObject()
                .put("name", accepted.function())
                .put("version", accepted.version().orElse(""))
                .put("digest", accepted.digest().map(Digest::toString).orElse(""))
                .put("status", accepted.unchanged() ? "unchanged" : "deployed");
        accepted.warning().ifPresent(warning -> answer.put("warning", warning));
        return answer;
    }

    private CommandSender.Sent send(RoutingContext exchange, String by)
            throws Unfit, IOException, InterruptedException {
        var module = upload(exchange, MODULE)
                .orElseThrow(() -> new Unfit(ErrorKind.BAD_REQUEST, "the part '" + MODULE + "' is missing"));
        if (module.size() > maxArtifactBytes) {
            throw new Unfit(
                    ErrorKind.TOO_LARGE,
                    "the module has %d bytes and %d are allowed".formatted(module.size(), maxArtifactBytes));
        }
        try (var file = MappedFile.open(Path.of(module.uploadedFileName()))) {
            return sender.deploy(file.content(), toml(exchange), by);
        }
    }

    private static String toml(RoutingContext exchange) throws Unfit, IOException {
        var field = exchange.request().getFormAttribute(TOML);
        if (field != null) {
            return field;
        }
        var file = upload(exchange, TOML)
                .orElseThrow(() -> new Unfit(ErrorKind.BAD_REQUEST, "the part '" + TOML + "' is missing"));
        if (file.size() > MAX_TOML_BYTES) {
            throw new Unfit(ErrorKind.TOO_LARGE, "photoniq.toml has at most " + MAX_TOML_BYTES + " bytes");
        }
        return new String(Files.readAllBytes(Path.of(file.uploadedFileName())), StandardCharsets.UTF_8);
    }

    private static Optional<FileUpload> upload(RoutingContext exchange, String part) {
        return exchange.fileUploads().stream()
                .filter(file -> file.name().equals(part))
                .findFirst();
    }
}
