package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code faas remote status}: whether a version is served, and by which regions. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Tells whether a version is served, and where.")
final class StatusCommand extends RemoteCommand.OfVersion {
    private static final String COMING = "coming";
    private static final String AWAY = "away";
    private static final Duration LOOK = Duration.ofMillis(100);

    @Option(names = "--wait", description = "Until all regions have it that it is placed in")
    boolean waits;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "How long to wait (default: 60)")
    int seconds = 60;

    @Override
    void run() throws IOException, InterruptedException {
        var until = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        var metadata = server.get(metadata());
        var regions = regions(metadata);
        while (waits && !haveIt(regions)) {
            if (System.nanoTime() > until) {
                throw new RemoteFailure(
                        RemoteFailure.UNAVAILABLE, "not all regions have it after %d s".formatted(seconds));
            }
            Thread.sleep(LOOK);
            regions = regions(metadata);
        }
        var at = server.at(
                "execute",
                metadata.path("name").asText(),
                metadata.path("version").asText());
        var status = JsonNodeFactory.instance
                .objectNode()
                .put("version", metadata.path("version").asText())
                .put("url", at.toString())
                .put("status", "deployed")
                .put("name", metadata.path("name").asText())
                .put("lastUpdated", metadata.path("lastUpdated").asText());
        var rows = new ArrayList<List<String>>();
        status.properties()
                .forEach(field ->
                        rows.add(List.of(field.getKey(), field.getValue().asText())));
        rows.addAll(rows(regions));
        status.set("regions", regions);
        output.print(status, rows);
    }

    /** What each region has, asked one after the other: the first is the one that was asked for. */
    private ArrayNode regions(JsonNode metadata) throws IOException, InterruptedException {
        var regions = JsonNodeFactory.instance.arrayNode();
        var seen = server.get(server.at("regions"));
        for (var region : seen) {
            var there = region.path("self").asBoolean()
                    ? server
                    : server.elsewhere(region.path("url").asText());
            var row = regions.addObject().put("region", region.path("name").asText());
            try {
                var at = there.at(
                        "download",
                        metadata.path("name").asText(),
                        metadata.path("version").asText());
                var known = there.get(URI.create(at + "?metaOnly=true"));
                row.put("version", known.path("version").asText())
                        .put("digest", known.path("digest").asText())
                        .put("presence", known.path("presence").asText())
                        .put("since", known.path("since").asText());
                copy(
                                metadata.path("origin").asText(),
                                region.path("self").asBoolean() ? seen : there.get(there.at("regions")))
                        .ifPresent(row::setAll);
                if (known.has("conflicting")) {
                    row.set("conflicting", known.path("conflicting"));
                }
            } catch (RemoteFailure e) {
                row.put("presence", e.exitCode() == RemoteFailure.NOT_FOUND ? COMING : AWAY);
            }
        }
        return regions;
    }

    /** How old a region's copy is of that which the version is from; nothing for that itself. */
    private static Optional<ObjectNode> copy(String origin, JsonNode regions) {
        for (var region : regions) {
            if (region.path("name").asText().equals(origin)
                    && !region.path("self").asBoolean()) {
                var copy = JsonNodeFactory.instance.objectNode();
                copy.set("lagSeconds", region.path("lagSeconds"));
                copy.set("currentAt", region.path("currentAt"));
                return Optional.of(copy);
            }
        }
        return Optional.empty();
    }

    private static boolean haveIt(JsonNode regions) {
        for (var region : regions) {
            var presence = region.path("presence").asText();
            if (presence.equals(COMING) || presence.equals(AWAY)) {
                return false;
            }
        }
        return true;
    }

    private static List<List<String>> rows(JsonNode regions) {
        var rows = new ArrayList<List<String>>();
        for (var region : regions) {
            rows.add(List.of(
                    region.path("region").asText(),
                    "%s %s %s %s"
                            .formatted(
                                    region.path("presence").asText(),
                                    region.path("since").asText(),
                                    region.path("digest").asText(),
                                    region.has("lagSeconds") ? Lag.of(region) : "")
                            .strip()));
        }
        return rows;
    }
}
