package dev.photon.cli.remote;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code faas remote routes}: where functions are found beside their names. */
@Command(name = "routes", mixinStandardHelpOptions = true, description = "Lists where functions are found.")
final class RoutesCommand extends RemoteCommand.Base {
    @Override
    void run() throws IOException, InterruptedException {
        var routes = server.get(server.at("routes"));
        var rows = new ArrayList<List<String>>();
        for (var route : routes) {
            var methods = new ArrayList<String>();
            route.path("methods").forEach(method -> methods.add(method.asText()));
            rows.add(List.of(
                    route.path("host").asText() + route.path("path").asText(),
                    String.join(",", methods),
                    route.path("function").asText(),
                    route.path("version").asText()));
        }
        output.print(routes, rows);
    }
}
