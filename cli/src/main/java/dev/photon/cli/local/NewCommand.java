package dev.photon.cli.local;

import dev.photon.registry.FunctionSettings;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code faas new}: the folder of a function that builds and answers. */
@Command(
        name = "new",
        mixinStandardHelpOptions = true,
        description = "Makes functions/<fn>/ with sources, photoniq.toml, build.sh and test.sh.")
public final class NewCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "<fn>", description = "The function's name")
    String name;

    @Option(names = "--lang", defaultValue = "rust", description = "rust, c, assemblyscript or js (default: rust)")
    String lang;

    @Spec
    CommandSpec command;

    @Override
    public Integer call() throws IOException {
        FunctionSettings.requireName(name);
        var language = Language.of(lang)
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no template for '" + lang + "': choose rust, c, assemblyscript or js"));
        var folder = Path.of("functions", name);
        try {
            new Template(language).write(folder, name);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(folder + " exists already", e);
        }
        command.commandLine().getOut().println("made " + folder + ", next: faas build " + name);
        return 0;
    }
}
