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
    private static final String ASSETS = "staticAssets";
    private static final int MAX_TOML_BYTES = 64 * 1024;

    private final CommandHandler commands;
    private final CommandSender sender;
    private final IngressConfig config;

    DeployHandler(CommandHandler commands, CommandSender sender, IngressConfig config) {
        this.commands = commands;
        this.sender = sender;
        this.config = config;
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
        var module = upload(exchange, MODULE);
        var assets = upload(exchange, ASSETS);
        if (module.isEmpty() && assets.isEmpty()) {
            throw new Unfit(
                    ErrorKind.BAD_REQUEST,
                    "the part '%s' is missing, or, for a site without a function, '%s'".formatted(MODULE, ASSETS));
        }
        requireAllowed(module, "the module", config.maxArtifactBytes());
        requireAllowed(assets, "the archive of files", config.maxAssetsBytes());
        try (var moduleFile = MappedFile.open(module.map(DeployHandler::file));
                var assetsFile = MappedFile.open(assets.map(DeployHandler::file))) {
            var deployment = new CommandSender.Deployment(moduleFile.content(), assetsFile.content(), toml(exchange));
            return sender.deploy(deployment, by);
        }
    }

    private static void requireAllowed(Optional<FileUpload> part, String what, int most) throws Unfit {
        if (part.isPresent() && part.get().size() > most) {
            throw new Unfit(
                    ErrorKind.TOO_LARGE,
                    "%s has %d bytes and %d are allowed"
                            .formatted(what, part.get().size(), most));
        }
    }

    private static Path file(FileUpload part) {
        return Path.of(part.uploadedFileName());
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
        return new String(Files.readAllBytes(file(file)), StandardCharsets.UTF_8);
    }

    private static Optional<FileUpload> upload(RoutingContext exchange, String part) {
        return exchange.fileUploads().stream()
                .filter(file -> file.name().equals(part))
                .findFirst();
    }
}
