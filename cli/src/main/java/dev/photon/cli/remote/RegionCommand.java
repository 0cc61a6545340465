package dev.photon.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code faas region}: which regions there are, and which of them take new calls. */
@Command(
        name = "region",
        mixinStandardHelpOptions = true,
        description = "Works on regions.",
        subcommands = {RegionCommand.ListAll.class, RegionCommand.Drain.class, RegionCommand.Undrain.class})
public final class RegionCommand {

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the regions as one of them sees them: state, round trip, how old its copy of them is.")
    static final class ListAll extends RemoteCommand.Base {
        @Override
        void run() throws IOException, InterruptedException {
            var regions = server.get(server.at("regions"));
            var rows = new ArrayList<List<String>>();
            for (var region : regions) {
                var self = region.path("self").asBoolean();
                rows.add(List.of(
                        region.path("name").asText(),
                        region.path("url").asText(),
                        region.path("state").asText(),
                        self ? "asked" : millis(region.path("roundTripMillis")),
                        self ? "" : Lag.of(region),
                        drained(region)));
            }
            output.print(regions, rows);
        }

        private static String millis(JsonNode time) {
            return time.isNumber() ? String.format(Locale.ROOT, "%.1f ms", time.asDouble()) : "";
        }

        private static String drained(JsonNode region) {
            return region.has("drainedBy")
                    ? "drained by %s %s"
                            .formatted(
                                    region.path("drainedBy").asText(),
                                    region.path("drainedAt").asText())
                    : "";
        }
    }

    /** Those that are about one region. */
    abstract static class OfRegion extends RemoteCommand.Base {
        @Parameters(index = "0", arity = "0..1", description = "The region; that which is asked when left out")
        Optional<String> region = Optional.empty();

        String name() throws IOException, InterruptedException {
            if (region.isPresent()) {
                return region.get();
            }
            for (var known : server.get(server.at("regions"))) {
                if (known.path("self").asBoolean()) {
                    return known.path("name").asText();
                }
            }
            throw new RemoteFailure(RemoteFailure.REFUSED, "the region does not say its name: name one");
        }
    }

    @Command(
            name = "drain",
            mixinStandardHelpOptions = true,
            description = "Has other regions answer a region's new calls, as far as they can.")
    static final class Drain extends OfRegion {
        @Override
        void run() throws IOException, InterruptedException {
            output.print(server.put(server.at("region", name(), "drain"), new byte[0]));
        }
    }

    @Command(name = "undrain", mixinStandardHelpOptions = true, description = "Ends that.")
    static final class Undrain extends OfRegion {
        @Override
        void run() throws IOException, InterruptedException {
            output.print(server.delete(server.at("region", name(), "drain")));
        }
    }
}
