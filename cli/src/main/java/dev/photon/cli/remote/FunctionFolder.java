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
 * A folder with a {@code photoniq.toml}, the module that was built beside it, and static files.
 *
 * @param lang the language it is in, or empty
 * @param site the folder of its static files, if it has some
 * @param toml the file's text
 */
public record FunctionFolder(Path folder, String name, String lang, Optional<Path> site, String toml) {
    /** What makes a folder one of a function. */
    public static final String FILE = "photoniq.toml";

    /** What builds its module. */
    public static final String RECIPE = "build.sh";

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
            var assets = root.path("static_assets");
            var site = assets.isObject()
                    ? Optional.of(folder.resolve(assets.path("dir").asText("public")))
                    : Optional.<Path>empty();
            return new FunctionFolder(
                    folder, root.path("name").asText(), root.path("lang").asText(""), site, toml);
        } catch (JacksonException e) {
            throw new RemoteFailure(
                    RemoteFailure.REFUSED, folder.resolve(FILE) + " does not parse: " + e.getOriginalMessage());
        }
    }

    /** Where its module, or script, is when it was built. */
    public Path file() {
        return folder.resolve(name + (lang.equals(Script.LANG) ? ".js" : ".wasm"));
    }

    /** Whether there are only files, and nothing to build or to run. */
    public boolean isSite() {
        return site.isPresent() && lang.isEmpty() && !Files.exists(file()) && !Files.exists(folder.resolve(RECIPE));
    }

    /**
     * What is deployed, with the files as they are now.
     *
     * @param file a module that is not where it is built to
     * @throws RemoteFailure when something of it is not there
     */
    public Deployment deployment(Optional<Path> file, String text) throws IOException {
        var module = file.isEmpty() && isSite()
                ? Optional.<Path>empty()
                : Optional.of(file.isPresent() ? file.get() : module());
        if (module.isPresent() && !Files.isReadable(module.get())) {
            throw new RemoteFailure(RemoteFailure.REFUSED, "there is no " + module.get() + " that can be read");
        }
        return new Deployment(name, module, siteFolder(), text);
    }

    /** The static files as they are now. */
    public Optional<SiteFolder> siteFolder() throws IOException {
        return site.isPresent() ? Optional.of(SiteFolder.read(site.get())) : Optional.empty();
    }

    private Path module() throws IOException {
        var file = file();
        if (!Files.exists(file)) {
            throw new RemoteFailure(
                    RemoteFailure.REFUSED, "there is no " + file + ": build it, or name another by --file");
        }
        return file;
    }
}
