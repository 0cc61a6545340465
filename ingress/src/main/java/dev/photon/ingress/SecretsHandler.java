package dev.photon.ingress;

import dev.photon.protocol.Command;
import dev.photon.protocol.CommandResult;
import dev.photon.protocol.ErrorKind;
import dev.photon.registry.CommandSender;
import dev.photon.registry.FunctionView;
import dev.photon.registry.KeyRole;
import dev.photon.registry.Secret;
import dev.photon.registry.SecretBox;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** Secrets are set, listed and deleted. A value is sealed here, at once, and no answer ever holds one. */
final class SecretsHandler {
    private final Optional<SecretBox> box;
    private final FunctionView view;
    private final CommandHandler commands;
    private final CommandSender sender;

    SecretsHandler(Optional<SecretBox> box, FunctionView view, CommandHandler commands, CommandSender sender) {
        this.box = box;
        this.view = view;
        this.commands = commands;
        this.sender = sender;
    }

    void list(RoutingContext exchange) {
        var secrets = new JsonArray();
        view.secrets().stream()
                .sorted(Comparator.comparing(Secret::name))
                .forEach(secret -> secrets.add(new JsonObject()
                        .put("name", secret.name())
                        .put(
                                "updatedAt",
                                Instant.ofEpochMilli(secret.updatedAt()).toString())));
        Http.json(exchange.response(), 200, secrets);
    }

    /** The body is the value. */
    void set(RoutingContext exchange) {
        if (box.isEmpty()) {
            var reason = "this region keeps no secrets: its operator must set " + SecretBox.SETTING;
            new Problem(ErrorKind.UNAVAILABLE, reason).send(exchange.response());
            return;
        }
        var value = text(exchange);
        if (value.isEmpty() || value.get().isEmpty() || value.get().indexOf('\0') >= 0) {
            refuse(exchange, "the request's body is the secret: text in UTF-8, not empty, without a zero character");
        } else if (exchange.body().length() > Secret.MAX_BYTES) {
            refuse(exchange, "a secret has at most " + Secret.MAX_BYTES + " bytes");
        } else {
            var name = exchange.pathParam("name");
            var sealed = new Command.SetSecret(name, box.get().seal(name, value.get()));
            change(exchange, sealed, "set");
        }
    }

    private static Optional<String> text(RoutingContext exchange) {
        if (exchange.body().length() <= 0) {
            return Optional.of("");
        }
        try {
            var bytes = ByteBuffer.wrap(exchange.body().buffer().getBytes());
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    void delete(RoutingContext exchange) {
        var forced = Http.isForced(exchange.request());
        change(exchange, new Command.DeleteSecret(exchange.pathParam("name"), forced), "deleted");
    }

    private void change(RoutingContext exchange, Command.Change change, String done) {
        commands.handle(exchange, KeyRole.DEPLOY, by -> sender.send(change, by), accepted -> told(accepted, done));
    }

    private static JsonObject told(CommandResult.Accepted accepted, String done) {
        return new JsonObject().put("name", accepted.function()).put("status", done);
    }

    private static void refuse(RoutingContext exchange, String reason) {
        new Problem(ErrorKind.BAD_REQUEST, reason).send(exchange.response());
    }
}
