package dev.photon.cli.local;

import dev.photon.cli.remote.FunctionFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The folders of the functions that are worked on: one, or whatever there is below {@code functions} when asked.
 *
 * @param parent of the folders
 * @param only empty for all that have a {@code photoniq.toml}
 */
public record FunctionFolders(Path parent, Optional<Path> only) {

    /**
     * The one of that name, or that of this folder; otherwise all.
     *
     * @throws dev.photon.cli.remote.RemoteFailure when there is none
     */
    public static FunctionFolders of(Path here, Optional<String> function) throws IOException {
        var single = function.isPresent()
                || Files.exists(here.resolve(FunctionFolder.FILE))
                || FunctionFolder.all(here).isEmpty();
        var only = single
                ? Optional.of(FunctionFolder.find(here, function).folder().toAbsolutePath())
                : Optional.<Path>empty();
        return new FunctionFolders(here.resolve("functions").toAbsolutePath(), only);
    }

    List<Path> list() throws IOException {
        return only.isPresent() ? List.of(only.get()) : FunctionFolder.below(parent);
    }
}
