package dev.photon.cli.local;

import dev.photon.cli.remote.FunctionFolder;
import dev.photon.registry.FunctionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * Builds a function by the {@code build.sh} of its folder, which is given the file to write. A module that is there stays
 * as it is until the new one is whole, and is one that the registry would take.
 */
final class Recipe {
    private static final String FILE = FunctionFolder.RECIPE;

    private final SearchPath programs;

    Recipe(SearchPath programs) {
        this.programs = programs;
    }

    /** How a build ended. */
    sealed interface Result {
        /**
         * @param bytes of the module; 0 for a site, which has none
         */
        record Built(FunctionSettings settings, long bytes) implements Result {}

        /**
         * @param reason one sentence
         * @param output what the compiler wrote, if it got so far
         */
        record Failed(String reason, String output) implements Result {}
    }

    Result build(FunctionFolder function) throws IOException, InterruptedException {
        try {
            var settings = FunctionSettings.read(function.toml());
            if (function.isSite()) {
                return new Result.Built(settings, 0);
            }
            if (!Files.exists(function.folder().resolve(FILE))) {
                return failed("there is no " + function.folder().resolve(FILE)
                        + ", which builds the module that it is given the name of");
            }
            var language = Language.of(settings.lang());
            if (language.isEmpty()) {
                return build(function, settings, Map.of());
            }
            return switch (Toolchain.find(language.get(), programs)) {
                case Toolchain.Missing missing -> failed(missing.reason());
                case Toolchain.Found found -> build(function, settings, found.environment());
            };
        } catch (IllegalArgumentException e) {
            return failed(e.getMessage());
        }
    }

    private static Result build(FunctionFolder function, FunctionSettings settings, Map<String, String> environment)
            throws IOException, InterruptedException {
        var partial = function.folder().toAbsolutePath().resolve("." + settings.name() + ".partial");
        try {
            var recipe = List.of("bash", FILE, partial.toString());
            var run = Subprocess.run(function.folder(), environment, recipe);
            if (!run.succeeded()) {
                return new Result.Failed(
                        "%s of '%s' ended with exit code %d".formatted(FILE, settings.name(), run.exitCode()),
                        run.output());
            }
            if (!Files.isRegularFile(partial)) {
                return new Result.Failed("%s of '%s' wrote no module".formatted(FILE, settings.name()), run.output());
            }
            LocalModule.check(partial, settings);
            Files.move(partial, function.file(), StandardCopyOption.ATOMIC_MOVE);
            return new Result.Built(settings, Files.size(function.file()));
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static Result failed(String reason) {
        return new Result.Failed(reason, "");
    }
}
