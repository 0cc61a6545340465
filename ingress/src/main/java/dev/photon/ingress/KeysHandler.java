package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Command;
import dev.photon.protocol.CommandResult;
import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.InvocationIds;
import dev.photon.registry.ApiKey;
import dev.photon.registry.CommandSender;
import dev.photon.registry.FunctionView;
import dev.photon.registry.KeyRole;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;

/** Keys are made, listed and revoked. The secret is in the answer to its making, and nowhere else. */
final class KeysHandler {
    private static final int ID_LENGTH = 12;

    private final Access access;
    private final FunctionView view;
    private final CommandHandler commands;
    private final CommandSender sender;

    KeysHandler(Access access, FunctionView view, CommandHandler commands, CommandSender sender) {
        this.access = access;
        this.view = view;
        this.commands = commands;
        this.sender = sender;
    }

    void list(RoutingContext exchange) {
        var keys = new JsonArray();
        view.keys().stream()
                .sorted(Comparator.comparingLong(ApiKey::createdAt))
                .forEach(key -> keys.add(described(key)));
        Http.json(exchange.response(), 200, keys);
    }

    private static JsonObject described(ApiKey key) {
        var roles = new JsonArray();
        key.roles().stream().sorted().forEach(role -> roles.add(role.name().toLowerCase(Locale.ROOT)));
        return new JsonObject()
                .put("id", key.id())
                .put("label", key.label())
                .put("roles", roles)
                .put("createdAt", Instant.ofEpochMilli(key.createdAt()).toString());
    }

    void create(RoutingContext exchange) {
        var id = InvocationIds.next().substring(0, ID_LENGTH);
        var key = Access.text(id, InvocationIds.next());
        try {
            var body = exchange.body().asJsonObject();
            var wish = body == null ? new JsonObject() : body;
            var roles = wish.getValue("roles");
            if (access.withoutKeys() && !(roles instanceof JsonArray names && names.contains("admin"))) {
                refuse(exchange, "the first key needs the role admin, or nobody could make another");
                return;
            }
            var description = new JsonObject()
                    .put("label", wish.getValue("label", ""))
                    .put("roles", roles)
                    .put("hash", Digest.of(key.getBytes(UTF_8)).toString());
            var change = new Command.SetKey(id, description.toBuffer().getBytes());
            commands.handle(exchange, KeyRole.ADMIN, by -> sender.send(change, by), new Created(id, key));
        } catch (DecodeException | ClassCastException e) {
            refuse(exchange, "the body is not a JSON object with an array of roles");
        }
    }

    /** The secret is told also when the outcome is not known: it may work by now, and is nowhere else. */
    private record Created(String id, String key) implements CommandHandler.Wording {
        @Override
        public JsonObject of(CommandResult.Accepted accepted) {
            return told("created");
        }

        @Override
        public JsonObject pending() {
            return told("pending");
        }

        private JsonObject told(String status) {
            return new JsonObject().put("id", id).put("key", key).put("status", status);
        }
    }

    private static void refuse(RoutingContext exchange, String reason) {
        new Problem(ErrorKind.BAD_REQUEST, reason).send(exchange.response());
    }

    void revoke(RoutingContext exchange) {
        var change = new Command.RevokeKey(exchange.pathParam("id"));
        if (access.isLastAdmin(change.id())) {
            new Problem(ErrorKind.IN_USE, "without it nobody could make or revoke keys: make another admin's first")
                    .send(exchange.response());
            return;
        }
        commands.handle(
                exchange,
                KeyRole.ADMIN,
                by -> sender.send(change, by),
                accepted -> new JsonObject().put("id", change.id()).put("status", "revoked"));
    }
}
