package dev.photon.cli;

import dev.photon.cli.local.BuildCommand;
import dev.photon.cli.local.CompletionCommand;
import dev.photon.cli.local.DeleteCommand;
import dev.photon.cli.local.DoctorCommand;
import dev.photon.cli.local.ExecuteCommand;
import dev.photon.cli.local.InfoCommand;
import dev.photon.cli.local.ListCommand;
import dev.photon.cli.local.NewCommand;
import dev.photon.cli.remote.EntryCommand;
import dev.photon.cli.remote.KeysCommand;
import dev.photon.cli.remote.LoginCommand;
import dev.photon.cli.remote.RegionCommand;
import dev.photon.cli.remote.RemoteCommand;
import dev.photon.cli.remote.RemoteFailure;
import dev.photon.cli.remote.SecretCommand;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code faas} command: parses the command line and runs one subcommand. */
@Command(
        name = "faas",
        description = "Photon Functions: WebAssembly functions on an event log.",
        mixinStandardHelpOptions = true,
        version = "faas 0.1.0")
public final class Faas {
    /** In the order in which the help shows them. */
    private static final List<Class<?>> COMMANDS = List.of(
            NewCommand.class,
            BuildCommand.class,
            RunCommand.class,
            ExecuteCommand.class,
            ListCommand.class,
            InfoCommand.class,
            DeleteCommand.class,
            UpCommand.class,
            DemoCommand.class,
            RoleCommand.OfIngress.class,
            RoleCommand.OfExecutor.class,
            RoleCommand.OfRegistry.class,
            RoleCommand.OfReplicator.class,
            AutoscaleCommand.class,
            RemoteCommand.class,
            KeysCommand.class,
            SecretCommand.class,
            EntryCommand.class,
            RegionCommand.class,
            LoginCommand.class,
            DoctorCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class);

    private static final Set<Class<?>> SPEAKING_OF_OTHERS =
            Set.of(CompletionCommand.class, CommandLine.HelpCommand.class);

    private Faas() {}

    /** Runs a command and leaves with its exit code. */
    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        var command = command(arguments);
        command.setExecutionExceptionHandler((failure, line, parsed) -> {
            line.getErr().println("faas: " + reason(failure));
            return failure instanceof RemoteFailure remote ? remote.exitCode() : CommandLine.ExitCode.SOFTWARE;
        });
        command.setCaseInsensitiveEnumValuesAllowed(true);
        if (arguments.length == 0) {
            command.usage(System.err);
            return CommandLine.ExitCode.USAGE;
        }
        return command.execute(arguments);
    }

    /** With the subcommand that is asked for alone where that is enough: to look at all takes longer than most of them do. */
    static CommandLine command(String... arguments) {
        var asked = COMMANDS.stream()
                .filter(type -> arguments.length > 0 && name(type).equals(arguments[0]))
                .filter(type -> !SPEAKING_OF_OTHERS.contains(type))
                .toList();
        var command = new CommandLine(new Faas());
        (asked.isEmpty() ? COMMANDS : asked).forEach(command::addSubcommand);
        return command;
    }

    private static String name(Class<?> type) {
        return type.getAnnotation(Command.class).name();
    }

    /** One line for a person; the innermost reason says most. */
    private static String reason(Throwable failure) {
        var inner = failure;
        while (inner.getCause() != null
                && (inner instanceof CompletionException || inner instanceof ExecutionException)) {
            inner = inner.getCause();
        }
        var message = inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
        return message.lines().findFirst().orElse("failed");
    }
}
