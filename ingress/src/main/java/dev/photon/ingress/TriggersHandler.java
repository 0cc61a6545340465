package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Command;
import dev.photon.protocol.ErrorKind;
import dev.photon.registry.CommandSender;
import dev.photon.registry.Deployed;
import dev.photon.registry.FunctionView;
import dev.photon.registry.KeyRole;
import dev.photon.registry.Manifest;
import dev.photon.registry.Trigger;
import dev.photon.registry.TriggerRule;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/**
 * Triggers are listed with how far they have come, paused, resumed, and sent to another place. Each listing asks the
 * brokers, so only a few run at once.
 */
final class TriggersHandler {
    private static final int AT_ONCE = 4;

    private final Vertx vertx;
    private final FunctionView view;
    private final TriggerReader reader;
    private final CommandHandler commands;
    private final CommandSender sender;
    private final Semaphore running = new Semaphore(AT_ONCE);

    TriggersHandler(
            Vertx vertx, FunctionView view, TriggerReader reader, CommandHandler commands, CommandSender sender) {
        this.vertx = vertx;
        this.view = view;
        this.reader = reader;
        this.commands = commands;
        this.sender = sender;
    }

    /** All of the region, or those of one function. */
    void list(RoutingContext exchange) {
        var function = new Parameters(exchange.request()::getParam).text("functionName");
        list(exchange, function);
    }

    void ofFunction(RoutingContext exchange) {
        var name = exchange.pathParam("name");
        if (view.has(name)) {
            list(exchange, Optional.of(name));
        } else {
            refuse(exchange, ErrorKind.NOT_FOUND, "there is no function '" + name + "'");
        }
    }

    private void list(RoutingContext exchange, Optional<String> function) {
        if (!running.tryAcquire()) {
            refuse(exchange, ErrorKind.OVERLOADED, "too many listings of triggers are running");
            return;
        }
        vertx.executeBlocking(() -> listed(function).toBuffer(), false)
                .compose(answer -> exchange.response()
                        .putHeader("content-type", "application/json")
                        .end(answer))
                .onComplete(done -> running.release())
                .onFailure(failure -> {
                    if (failure instanceof IllegalArgumentException unfit) {
                        refuse(exchange, ErrorKind.BAD_REQUEST, unfit.getMessage());
                    } else {
                        refuse(exchange, ErrorKind.UNAVAILABLE, "the triggers cannot be listed now");
                    }
                });
    }

    private List<Trigger> triggers(Optional<String> function) {
        return view.triggers().stream()
                .filter(trigger -> function.isEmpty()
                        || function.get().equals(trigger.position().function()))
                .toList();
    }

    private JsonArray listed(Optional<String> function) throws InterruptedException {
        var triggers = triggers(function);
        var listed = new JsonArray();
        reader.read(triggers).forEach(standing -> listed.add(listed(standing)));
        var begun = triggers.stream().map(reader::group).collect(Collectors.toSet());
        view.latest().stream()
                .filter(manifest -> function.isEmpty() || function.get().equals(manifest.name()))
                .filter(this::runsHere)
                .forEach(manifest -> waiting(manifest, begun).forEach(listed::add));
        return listed;
    }

    private boolean runsHere(Manifest manifest) {
        return view.deployed(manifest.name(), manifest.version())
                .filter(Deployed::isHere)
                .isPresent();
    }

    /** Those of a version that have no place in their topic yet. */
    private List<JsonObject> waiting(Manifest manifest, Set<String> begun) {
        return manifest.triggers().stream()
                .filter(rule -> !begun.contains(reader.group(manifest.name(), rule.topic())))
                .map(rule -> listed(manifest, rule)
                        .put("paused", false)
                        .put("problem", "it has not begun: the registry may not read the topic, or cannot now"))
                .toList();
    }

    private JsonObject listed(Manifest manifest, TriggerRule rule) {
        return new JsonObject()
                .put("function", manifest.name())
                .put("version", manifest.version())
                .mergeIn(described(rule))
                .put("group", reader.group(manifest.name(), rule.topic()));
    }

    private JsonObject listed(TriggerStanding standing) {
        var trigger = listed(standing.trigger().manifest(), standing.trigger().rule())
                .put("paused", standing.trigger().position().paused());
        standing.problem().ifPresent(problem -> trigger.put("problem", problem));
        if (standing.partitions().isEmpty()) {
            return trigger;
        }
        var partitions = new JsonArray();
        for (var partition : standing.partitions()) {
            partitions.add(new JsonObject()
                    .put("partition", partitions.size())
                    .put("start", partition.start())
                    .put("committed", partition.committed().orElse(null))
                    .put("end", partition.end())
                    .put("lag", partition.lag()));
        }
        return trigger.put("lag", standing.lag()).put("partitions", partitions);
    }

    /** What a version says about a topic. */
    static JsonObject described(TriggerRule rule) {
        var onError = new JsonObject()
                .put("retries", rule.onError().retries())
                .put("backoffMillis", rule.onError().backoffMillis());
        rule.onError().deadLetter().ifPresent(topic -> onError.put("deadLetter", topic));
        var described = new JsonObject()
                .put("topic", rule.topic())
                .put("start", rule.start().toString())
                .put("ordering", word(rule.ordering()))
                .put("concurrency", rule.concurrency())
                .put("delivery", word(rule.delivery()))
                .put("onError", onError);
        rule.output().ifPresent(topic -> described.put("output", topic));
        return described;
    }

    /** As it stands in a configuration. */
    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void pause(RoutingContext exchange) {
        change(exchange, new Command.PauseTrigger(exchange.pathParam("name"), exchange.pathParam("topic")), "paused");
    }

    void resume(RoutingContext exchange) {
        change(exchange, new Command.ResumeTrigger(exchange.pathParam("name"), exchange.pathParam("topic")), "resumed");
    }

    /** The body is {@code {"to": …}}. */
    void seek(RoutingContext exchange) {
        var to = to(exchange);
        if (to.isEmpty()) {
            refuse(
                    exchange,
                    ErrorKind.BAD_REQUEST,
                    "the body must be such as {\"to\": \"earliest\"}, {\"to\": \"2026-01-31T12:00:00Z\"}"
                            + " or {\"to\": {\"0\": 42}}");
            return;
        }
        var wish = new Command.SeekTrigger(
                exchange.pathParam("name"),
                exchange.pathParam("topic"),
                to.get().getBytes(UTF_8));
        change(exchange, wish, "sought");
    }

    private static Optional<String> to(RoutingContext exchange) {
        try {
            var body = exchange.body().asJsonObject();
            var to = body == null ? null : body.getValue("to");
            return to instanceof String || to instanceof JsonObject ? Optional.of(to.toString()) : Optional.empty();
        } catch (DecodeException | ClassCastException e) {
            return Optional.empty();
        }
    }

    private void change(RoutingContext exchange, Command.TriggerChange change, String done) {
        commands.handle(
                exchange,
                KeyRole.DEPLOY,
                by -> sender.send(change, by),
                accepted -> new JsonObject()
                        .put("name", accepted.function())
                        .put("topic", change.topic())
                        .put("status", accepted.unchanged() ? "unchanged" : done));
    }

    private static void refuse(RoutingContext exchange, ErrorKind kind, String reason) {
        new Problem(kind, reason).send(exchange.response());
    }
}
