package dev.photon.cli;

import dev.photon.cli.broker.EmbeddedKafka;
import dev.photon.cli.local.FunctionFolders;
import dev.photon.cli.local.LocalServer;
import dev.photon.registry.SecretBox;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code faas run}: a region of its own for the functions of a folder, built and deployed anew whenever they change. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Serves the functions of this folder at /<fn>, on loopback, and builds them again as they change.")
final class RunCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<fn>",
            description = "The function; that of this folder, or all below functions/, when left out")
    Optional<String> function = Optional.empty();

    @Option(names = "--port", defaultValue = "8080", description = "HTTP port, 0 for a free one (default: 8080)")
    int port;

    @Spec
    CommandSpec command;

    @Override
    public Integer call() throws Exception {
        // Before the first logger: what the roles say about themselves is not what this command is about.
        System.setProperty("org.slf4j.simpleLogger.log.dev.photon", "error");
        var folders = FunctionFolders.of(Path.of(""), function);
        var running = new Stack();
        try {
            var folder = running.push(new TemporaryFolder()).path();
            var broker = running.push(EmbeddedKafka.start(folder.resolve("kafka"), 0));
            var options = Map.of(
                    "PHOTON_BOOTSTRAP",
                    broker.bootstrap(),
                    "PHOTON_HOST",
                    "127.0.0.1",
                    "PHOTON_PORT",
                    "0",
                    "PHOTON_PARTITIONS",
                    "1",
                    "PHOTON_CACHE",
                    folder.resolve("artifacts").toString(),
                    SecretBox.SETTING,
                    SecretsKey.in(folder));
            var configs = RoleConfigs.read(Map.of(), options);
            var roles = running.push(Roles.start(EnumSet.allOf(Role.class), configs));
            running.push(LocalServer.start(
                    configs.region(),
                    roles.port().orElseThrow(),
                    port,
                    folders,
                    command.commandLine().getOut()));
        } catch (Exception e) {
            running.close();
            throw e;
        }
        Foreground.stay(running::close);
        return 0;
    }
}
