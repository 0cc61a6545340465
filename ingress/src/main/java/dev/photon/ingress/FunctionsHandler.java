package dev.photon.ingress;

import dev.photon.protocol.Command;
import dev.photon.protocol.ErrorKind;
import dev.photon.registry.Alias;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.Assets;
import dev.photon.registry.CommandSender;
import dev.photon.registry.FunctionView;
import dev.photon.registry.History;
import dev.photon.registry.KeyRole;
import dev.photon.registry.Manifest;
import dev.photon.registry.MappedFile;
import dev.photon.registry.Script;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What there is, and how it is changed: functions, their versions and aliases. Answers from this ingress's own view. */
final class FunctionsHandler {
    private final Vertx vertx;
    private final FunctionView view;
    private final ArtifactStore artifacts;
    private final Sites sites;
    private final CommandHandler commands;
    private final CommandSender sender;

    FunctionsHandler(
            Vertx vertx,
            FunctionView view,
            ArtifactStore artifacts,
            Sites sites,
            CommandHandler commands,
            CommandSender sender) {
        this.vertx = vertx;
        this.view = view;
        this.artifacts = artifacts;
        this.sites = sites;
        this.commands = commands;
        this.sender = sender;
    }

    void functions(RoutingContext exchange) {
        Http.json(exchange.response(), 200, new JsonArray(view.names()));
    }

    void versions(RoutingContext exchange) {
        var name = exchange.pathParam("name");
        if (isThere(exchange, name)) {
            var versions = view.versions(name).stream().map(Manifest::version).toList();
            Http.json(exchange.response(), 200, new JsonArray(versions));
        }
    }

    /** Where functions are found beside their names. */
    void routes(RoutingContext exchange) {
        var routes = new JsonArray();
        for (var manifest : view.latest()) {
            for (var route : manifest.routes()) {
                routes.add(new JsonObject()
                        .put("host", route.host())
                        .put("path", route.path())
                        .put("methods", new JsonArray(List.copyOf(route.methods())))
                        .put("function", manifest.name())
                        .put("version", manifest.version()));
            }
        }
        Http.json(exchange.response(), 200, routes);
    }

    void aliases(RoutingContext exchange) {
        var name = exchange.pathParam("name");
        if (isThere(exchange, name)) {
            var aliases = new JsonArray();
            view.aliases(name)
                    .forEach(alias -> aliases.add(
                            new JsonObject().put("name", alias.name()).put("versions", targets(alias.targets()))));
            Http.json(exchange.response(), 200, aliases);
        }
    }

    void alias(RoutingContext exchange) {
        var name = exchange.pathParam("name");
        if (isThere(exchange, name)) {
            view.alias(name, exchange.pathParam("alias"))
                    .ifPresentOrElse(
                            alias -> Http.json(exchange.response(), 200, targets(alias.targets())),
                            () -> notFound(exchange, "function '" + name + "' has no such alias"));
        }
    }

    /** The files of the latest version, or of the one that is asked for. */
    void assets(RoutingContext exchange) {
        var name = exchange.pathParam("name");
        var version = Optional.ofNullable(exchange.request().getParam("version"));
        var found = version.isPresent() ? view.version(name, version.get()) : view.latest(name);
        if (found.isPresent() && found.get().assets().isPresent()) {
            var manifest = found.get();
            sites.open(manifest.assets().get())
                    .onSuccess(site -> Http.json(exchange.response(), 200, files(manifest, site)))
                    .onFailure(failure -> new Problem(ErrorKind.UNAVAILABLE, "the files cannot be fetched now")
                            .send(exchange.response()));
        } else if (isThere(exchange, name)) {
            notFound(
                    exchange,
                    found.isPresent() ? "the version has no files" : "function '" + name + "' has no such version");
        }
    }

    private static JsonObject files(Manifest manifest, OpenSite site) {
        var files = new JsonArray();
        site.index()
                .files()
                .forEach(file -> files.add(new JsonObject()
                        .put("path", file.path())
                        .put("digest", file.digest().toString())
                        .put("size", file.size())));
        return new JsonObject()
                .put("name", manifest.name())
                .put("version", manifest.version())
                .put("files", files);
    }

    /** Of a function that was deleted, too. */
    void history(RoutingContext exchange) {
        var name = exchange.pathParam("name");
        var entries = view.history(name).entries();
        if (entries.isEmpty()) {
            notFound(exchange, "there is no function '" + name + "', and never was");
            return;
        }
        var changes = new JsonArray();
        entries.forEach(entry -> changes.add(change(entry)));
        Http.json(exchange.response(), 200, changes);
    }

    private static JsonObject change(History.Entry entry) {
        var change = new JsonObject()
                .put("at", Instant.ofEpochMilli(entry.at()).toString())
                .put("by", entry.by())
                .put("action", entry.action().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        if (!entry.subject().isEmpty()) {
            change.put("subject", entry.subject());
        }
        if (!entry.targets().isEmpty()) {
            change.put("versions", targets(entry.targets()));
        }
        return change;
    }

    private static JsonArray targets(List<Alias.Target> targets) {
        var array = new JsonArray();
        targets.forEach(target ->
                array.add(new JsonObject().put("version", target.version()).put("weight", target.weight())));
        return array;
    }

    void putAlias(RoutingContext exchange) {
        var change = new Command.SetAlias(
                exchange.pathParam("name"),
                exchange.pathParam("alias"),
                // An empty body is no wish to delete.
                exchange.body().length() <= 0
                        ? new byte[] {' '}
                        : exchange.body().buffer().getBytes());
        change(exchange, change, "updated");
    }

    void deleteAlias(RoutingContext exchange) {
        change(exchange, new Command.DeleteAlias(exchange.pathParam("name"), exchange.pathParam("alias")), "deleted");
    }

    void deleteFunction(RoutingContext exchange) {
        change(
                exchange,
                new Command.Delete(exchange.pathParam("name"), Optional.empty(), Http.isForced(exchange.request())),
                "deleted");
    }

    void deleteVersion(RoutingContext exchange) {
        var version = Optional.of(exchange.pathParam("version"));
        change(
                exchange,
                new Command.Delete(exchange.pathParam("name"), version, Http.isForced(exchange.request())),
                "deleted");
    }

    private void change(RoutingContext exchange, Command.Change change, String done) {
        commands.handle(
                exchange,
                KeyRole.DEPLOY,
                by -> sender.send(change, by),
                accepted -> new JsonObject()
                        .put("name", accepted.function())
                        .put("status", accepted.unchanged() ? "unchanged" : done));
    }

    void download(RoutingContext exchange) {
        var name = exchange.pathParam("name");
        var version = Optional.ofNullable(exchange.pathParam("version"));
        var found = version.isPresent() ? view.version(name, version.get()) : view.latest(name);
        if (found.isPresent()) {
            download(exchange, found.get());
        } else if (isThere(exchange, name)) {
            notFound(exchange, "function '" + name + "' has no such version");
        }
    }

    private void download(RoutingContext exchange, Manifest manifest) {
        var response = exchange.response();
        if ("true".equals(exchange.request().getParam("metaOnly"))) {
            Http.json(response, 200, metadata(manifest).mergeIn(presence(manifest)));
            return;
        }
        if (manifest.filesOnly()) {
            notFound(exchange, "'" + manifest.name() + "' has files, and no module");
            return;
        }
        vertx.executeBlocking(() -> Download.of(artifacts.fetch(manifest.module()), manifest), false)
                .compose(download -> response.putHeader("content-type", download.type())
                        .putHeader("content-disposition", "attachment; filename=\"" + download.name() + "\"")
                        .putHeader("etag", "\"" + manifest.digest() + "\"")
                        .putHeader(Http.VERSION, manifest.version())
                        .sendFile(download.file().toString()))
                .onFailure(failure -> {
                    if (response.headWritten()) {
                        exchange.request().connection().close();
                    } else {
                        new Problem(ErrorKind.UNAVAILABLE, "the module cannot be fetched now").send(response);
                    }
                });
    }

    private record Download(Path file, String type, String name) {
        static Download of(Path file, Manifest manifest) throws IOException {
            try (var content = MappedFile.open(file)) {
                return Script.is(content.content(), manifest.lang())
                        ? new Download(file, "text/javascript; charset=utf-8", manifest.name() + ".js")
                        : new Download(file, "application/wasm", manifest.name() + ".wasm");
            }
        }
    }

    /** Without the values of the environment, which may be secrets. */
    private static JsonObject metadata(Manifest manifest) {
        var files = manifest.assets().map(Assets::files).orElse(0);
        var triggers = new JsonArray();
        manifest.triggers().forEach(rule -> triggers.add(TriggersHandler.described(rule)));
        return new JsonObject()
                .put("name", manifest.name())
                .put("version", manifest.version())
                .put("description", manifest.description())
                .put("lang", manifest.lang())
                .put("digest", manifest.digest().toString())
                .put("size", manifest.size())
                .put("lastUpdated", Instant.ofEpochMilli(manifest.deployedAt()).toString())
                .put("timeoutMillis", manifest.limits().timeoutMillis())
                .put("memoryPages", manifest.limits().memoryPages())
                .put("files", files)
                .put("triggers", triggers);
    }

    /** How this region has it. */
    private JsonObject presence(Manifest manifest) {
        var presence = new JsonObject().put("region", view.region());
        view.deployed(manifest.name(), manifest.version())
                .ifPresent(deployed -> presence.put("origin", deployed.origin())
                        .put("presence", deployed.presence().name().toLowerCase(Locale.ROOT))
                        .put("since", Instant.ofEpochMilli(deployed.since()).toString()));
        var conflicting = view.conflicting(manifest.name(), manifest.version());
        return conflicting.isEmpty() ? presence : presence.put("conflicting", new JsonArray(conflicting));
    }

    /** Answers 404 itself when it is not. */
    private boolean isThere(RoutingContext exchange, String name) {
        if (view.has(name)) {
            return true;
        }
        notFound(exchange, "there is no function '" + name + "'");
        return false;
    }

    private static void notFound(RoutingContext exchange, String detail) {
        new Problem(ErrorKind.NOT_FOUND, detail).send(exchange.response());
    }
}
