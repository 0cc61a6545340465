package dev.photon.cli.local;

import dev.photon.cli.remote.FunctionFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Those commands that are about one function. */
abstract class FunctionCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<fn>",
            description = "The function; that of this folder, or the only one below functions/, when left out")
    Optional<String> function = Optional.empty();

    @Spec
    CommandSpec command;

    @Override
    public final Integer call() throws IOException, InterruptedException {
        run(FunctionFolder.find(Path.of(""), function));
        command.commandLine().getOut().flush();
        return 0;
    }

    abstract void run(FunctionFolder function) throws IOException, InterruptedException;

    final void say(String line) {
        command.commandLine().getOut().println(line);
    }
}
