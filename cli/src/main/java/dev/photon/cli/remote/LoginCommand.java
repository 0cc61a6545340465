package dev.photon.cli.remote;

import java.io.IOException;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code faas login}: keeps the address of a region and the key to it. */
@Command(
        name = "login",
        mixinStandardHelpOptions = true,
        description = "Keeps the address of a region and the key to it, readable for you alone.")
public final class LoginCommand implements Callable<Integer> {
    @Option(
            names = "--url",
            required = true,
            description = "Where the region serves; of several, with commas between them, commands take the nearest")
    String url;

    @Option(
            names = "--key",
            interactive = true,
            arity = "0..1",
            defaultValue = "",
            fallbackValue = "",
            description = "The key; asked for when its value is left out")
    String key;

    @Option(names = "--nearest", description = "Asks for the other regions, so that commands take the nearest of all")
    boolean nearest;

    @Spec
    CommandSpec command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var file = new Login(nearest ? all() : url, key).store();
        command.commandLine().getOut().println("kept in " + file);
        return 0;
    }

    private String all() throws IOException, InterruptedException {
        var server = Server.of(url, key);
        var addresses = new StringJoiner(",");
        for (var region : server.get(server.at("regions"))) {
            var known = region.path("url").asText();
            // Where we found it ourselves, it is found for certain.
            addresses.add(region.path("self").asBoolean() ? server.base() : known);
        }
        return addresses.toString();
    }
}
