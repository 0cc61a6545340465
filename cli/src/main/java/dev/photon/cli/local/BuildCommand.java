package dev.photon.cli.local;

import dev.photon.cli.remote.FunctionFolder;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code faas build}: from a function's sources to its module. */
@Command(
        name = "build",
        mixinStandardHelpOptions = true,
        description = "Builds <fn>.wasm, or <fn>.js, beside its photoniq.toml, by the build.sh that is there.")
public final class BuildCommand extends FunctionCommand {
    @Override
    void run(FunctionFolder function) throws IOException, InterruptedException {
        switch (new Recipe(SearchPath.ofEnvironment()).build(function)) {
            case Recipe.Result.Built built -> say("built %s, %,d bytes".formatted(function.file(), built.bytes()));
            case Recipe.Result.Failed failed -> {
                command.commandLine().getErr().print(failed.output());
                throw new IOException(failed.reason());
            }
        }
    }
}
