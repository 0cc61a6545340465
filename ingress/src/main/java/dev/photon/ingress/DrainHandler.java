package dev.photon.ingress;

import dev.photon.protocol.Command;
import dev.photon.registry.CommandSender;
import dev.photon.registry.KeyRole;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Regions are drained, and take calls again: this one or another, which hears of it when it can. */
final class DrainHandler {
    private static final String REGION = "region";

    private final CommandHandler commands;
    private final CommandSender sender;

    DrainHandler(CommandHandler commands, CommandSender sender) {
        this.commands = commands;
        this.sender = sender;
    }

    void drain(RoutingContext exchange) {
        change(exchange, new Command.Drain(exchange.pathParam(REGION)), "draining");
    }

    void undrain(RoutingContext exchange) {
        change(exchange, new Command.Undrain(exchange.pathParam(REGION)), "serving");
    }

    private void change(RoutingContext exchange, Command.Change change, String state) {
        commands.handle(
                exchange,
                KeyRole.ADMIN,
                by -> sender.send(change, by),
                accepted -> new JsonObject().put(REGION, accepted.function()).put("status", state));
    }
}
