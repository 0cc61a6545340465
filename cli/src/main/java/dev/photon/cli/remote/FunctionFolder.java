package dev.photon.cli.remote;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.photon.registry.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A folder with a {@code photoniq.toml}, and the module that was built beside it.
 *
 * @param lang the language it is in, or empty
 * @param toml the file's text
 */
public record FunctionFolder(Path folder, String name, String lang, String toml) {
    /** What makes a folder one of a function. */
    public static final String FILE = "photoniq.toml";

    private static final TomlMapper TOML = new TomlMapper();

    /**
     * The function that is meant: that of this folder, if it has one; otherwise the named one below {@code functions}, or
     * the only one.
     *
     * @throws RemoteFailure when there is none, or more than one
     */
    public static FunctionFolder find(Path here, Optional<String> name) throws IOException {
        var found = all(here).stream()
                .filter(folder -> name.isEmpty() || folder.name().equals(name.get()))
                .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new RemoteFailure(
                found.isEmpty() && name.isPresent() ? RemoteFailure.NOT_FOUND : RemoteFailure.REFUSED,
                found.isEmpty()
                        ? "there is no photoniq.toml"
                                + name.map(wanted -> " of '" + wanted + "'").orElse("") + " here or below functions/"
                        : "there are " + found.size() + " functions here: say which");
    }

    /** The name that was given, or that of the folder's function. */
    static String nameOf(Optional<String> given) throws IOException {
        return given.isPresent()
                ? given.get()
                : find(Path.of(""), Optional.empty()).name();
    }

    /** That of this folder, or those below {@code functions}, by the folders' names. */
    public static List<FunctionFolder> all(Path here) throws IOException {
        if (Files.exists(here.resolve(FILE))) {
            return List.of(read(here));
        }
        var found = new ArrayList<FunctionFolder>();
        for (var folder : below(here.resolve("functions"))) {
            found.add(read(folder));
        }
        return found;
    }

    /** The folders of functions in a folder, by name, whatever stands in them; none when there is no such folder. */
    public static List<Path> below(Path functions) throws IOException {
        if (!Files.isDirectory(functions)) {
            return List.of();
        }
        try (var folders = Files.list(functions)) {
            return folders.filter(folder -> Files.exists(folder.resolve(FILE)))
                    .sorted()
                    .toList();
        }
    }

    /**
     * @param folder has a {@code photoniq.toml}
     * @throws RemoteFailure when that does not parse
     */
    public static FunctionFolder read(Path folder) throws IOException {
        var toml = Files.readString(folder.resolve(FILE));
        try {
            var root = TOML.readTree(toml);
            return new FunctionFolder(
                    folder, root.path("name").asText(), root.path("lang").asText(""), toml);
        } catch (JacksonException e) {
            throw new RemoteFailure(
                    RemoteFailure.REFUSED, folder.resolve(FILE) + " does not parse: " + e.getOriginalMessage());
        }
    }

    /** Where its module, or script, is when it was built. */
    public Path file() {
        return folder.resolve(name + (lang.equals(Script.LANG) ? ".js" : ".wasm"));
    }

    /**
     * @throws RemoteFailure when it was not built
     */
    Path module() throws IOException {
        var file = file();
        if (!Files.exists(file)) {
            throw new RemoteFailure(
                    RemoteFailure.REFUSED, "there is no " + file + ": build it, or name another by --file");
        }
        return file;
    }
}
