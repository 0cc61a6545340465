package dev.photon.cli.local;

import dev.photon.protocol.Settings;
import dev.photon.registry.FunctionSettings;
import dev.photon.registry.MappedFile;
import dev.photon.registry.RegistryConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Modules that were built here, looked at as the registry would. */
final class LocalModule {
    private LocalModule() {}

    /**
     * @throws IllegalArgumentException when the registry would refuse it, in its words
     */
    static void check(Path file, FunctionSettings settings) throws IOException {
        var environment = new Settings(System::getenv);
        var most = RegistryConfig.read(environment).maxArtifactBytes();
        environment.check();
        var size = Files.size(file);
        if (size > most) {
            throw new IllegalArgumentException("the module has %d bytes of at most %d".formatted(size, most));
        }
        try (var module = MappedFile.open(file)) {
            settings.check(module.content());
        }
    }
}
