package dev.photon.ingress;

import dev.photon.protocol.Command;
import dev.photon.protocol.CommandResult;
import dev.photon.protocol.EntryRule;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.TopicPlan;
import dev.photon.registry.CommandSender;
import dev.photon.registry.EntryTopic;
import dev.photon.registry.FunctionView;
import dev.photon.registry.KeyRole;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Entry topics, through which publishers call functions, are declared, listed and deleted. */
final class EntriesHandler {
    private static final String NAME = "name";

    private final TopicPlan plan;
    private final FunctionView view;
    private final CommandHandler commands;
    private final CommandSender sender;

    EntriesHandler(TopicPlan plan, FunctionView view, CommandHandler commands, CommandSender sender) {
        this.plan = plan;
        this.view = view;
        this.commands = commands;
        this.sender = sender;
    }

    /** Those that a setting opens first. */
    void list(RoutingContext exchange) {
        var entries = new JsonArray();
        plan.entries().forEach(name -> entries.add(json(name, "open", EntryRule.OPEN)));
        view.entries().stream()
                .filter(entry -> !plan.entries().contains(entry.name()))
                .forEach(entry -> entries.add(json(entry)));
        Http.json(exchange.response(), 200, entries);
    }

    private JsonObject json(EntryTopic entry) {
        return json(entry.name(), "declared", entry.rule());
    }

    private JsonObject json(String name, String state, EntryRule rule) {
        var json = new JsonObject()
                .put(NAME, name)
                .put("topic", plan.topics().entry(name))
                .put("state", state)
                .put("functions", new JsonArray(rule.functions()))
                .put("replyTopics", new JsonArray(rule.replyTopics()));
        if (rule.deadlineMillis() > 0) {
            json.put("deadlineMillis", rule.deadlineMillis());
        }
        if (rule.rate() > 0) {
            json.put("rate", rule.rate()).put("burst", rule.burst());
        }
        return json;
    }

    /** The body is what it shall be. */
    void set(RoutingContext exchange) {
        if (exchange.body().length() <= 0) {
            var reason = "the request's body is the entry topic, such as {\"functions\": [\"resize\"]}";
            new Problem(ErrorKind.BAD_REQUEST, reason).send(exchange.response());
            return;
        }
        var wish = new Command.SetEntry(
                exchange.pathParam(NAME), exchange.body().buffer().getBytes());
        change(exchange, wish, "declared");
    }

    void delete(RoutingContext exchange) {
        var purge = "true".equals(exchange.request().getParam("purge"));
        change(exchange, new Command.DeleteEntry(exchange.pathParam(NAME), purge), purge ? "purged" : "deleted");
    }

    private void change(RoutingContext exchange, Command.Change change, String done) {
        commands.handle(exchange, KeyRole.ADMIN, by -> sender.send(change, by), accepted -> told(accepted, done));
    }

    private JsonObject told(CommandResult.Accepted accepted, String done) {
        var told = new JsonObject()
                .put(NAME, accepted.function())
                .put("topic", plan.topics().entry(accepted.function()))
                .put("status", accepted.unchanged() ? "unchanged" : done);
        accepted.warning().ifPresent(warning -> told.put("warning", warning));
        return told;
    }
}
