package dev.photon.cli.local;

import dev.photon.cli.remote.FunctionFolder;
import dev.photon.cli.remote.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code faas delete}: a function's folder, with its sources. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = "Deletes a function's folder, sources and all; what is deployed stays.")
public final class DeleteCommand extends FunctionCommand {
    @Option(names = "--force", description = "Does not ask")
    boolean force;

    @Override
    void run(FunctionFolder function) throws IOException {
        var folder = function.folder().toAbsolutePath().normalize();
        if (!force && !isWished(folder)) {
            throw new IOException("nothing was deleted");
        }
        delete(folder);
        say("deleted " + folder);
    }

    private static boolean isWished(Path folder) throws IOException {
        if (!Terminal.isThere()) {
            throw new IOException("there is no terminal to ask at: --force deletes " + folder + " without asking");
        }
        var answer = System.console().readLine("delete %s with all that is in it? [y/N] ", folder);
        return answer != null && answer.strip().equalsIgnoreCase("y");
    }

    /** Links are deleted, and what they point to is not. */
    private static void delete(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (var all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (var path : deepestFirst) {
            Files.delete(path);
        }
    }
}
