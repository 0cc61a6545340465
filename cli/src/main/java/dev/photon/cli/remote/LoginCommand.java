package dev.photon.cli.remote;

import java.io.IOException;
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
    @Option(names = "--url", required = true, description = "Where the region serves")
    String url;

    @Option(
            names = "--key",
            interactive = true,
            arity = "0..1",
            defaultValue = "",
            fallbackValue = "",
            description = "The key; asked for when its value is left out")
    String key;

    @Spec
    CommandSpec command;

    @Override
    public Integer call() throws IOException {
        var file = new Login(url, key).store();
        command.commandLine().getOut().println("kept in " + file);
        return 0;
    }
}
