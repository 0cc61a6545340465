package dev.photon.cli.local;

import dev.photon.cli.remote.FunctionFolder;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code faas build}: from a function's sources to its module. */
@Command(
        name = "build",
        mixinStandardHelpOptions = true,
        description =
                "Builds <fn>.wasm, or <fn>.js, beside its photoniq.toml, by the build.sh that is there, and looks at its"
                        + " static files.")
public final class BuildCommand extends FunctionCommand {
    @Override
    void run(FunctionFolder function) throws IOException, InterruptedException {
        switch (new Recipe(SearchPath.ofEnvironment()).build(function)) {
            case Recipe.Result.Built built -> {
                if (!function.isSite()) {
                    say("built %s, %,d bytes".formatted(function.file(), built.bytes()));
                }
                var site = function.siteFolder();
                if (site.isPresent()) {
                    say("%,d static files, %,d bytes"
                            .formatted(site.get().files().size(), site.get().bytes()));
                }
            }
            case Recipe.Result.Failed failed -> {
                command.commandLine().getErr().print(failed.output());
                throw new IOException(failed.reason());
            }
        }
    }
}
