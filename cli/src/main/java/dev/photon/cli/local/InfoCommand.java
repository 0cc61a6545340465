package dev.photon.cli.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.photon.cli.remote.FunctionFolder;
import dev.photon.cli.remote.Output;
import dev.photon.protocol.Digest;
import dev.photon.registry.FunctionSettings;
import java.io.IOException;
import java.nio.file.Files;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code faas info}: what a function would be deployed as. */
@Command(name = "info", mixinStandardHelpOptions = true, description = "Tells about a function of this folder.")
public final class InfoCommand extends FunctionCommand {
    @Mixin
    Output output;

    @Override
    void run(FunctionFolder function) throws IOException {
        var settings = FunctionSettings.read(function.toml());
        var told = JsonNodeFactory.instance
                .objectNode()
                .put("name", settings.name())
                .put("version", settings.version())
                .put("description", settings.description())
                .put("lang", settings.lang())
                .put("folder", function.folder().toAbsolutePath().normalize().toString())
                .put("timeoutMillis", settings.limits().timeoutMillis())
                .put("memoryPages", settings.limits().memoryPages())
                .put("status", Files.exists(function.file()) ? "built" : "not built");
        if (Files.exists(function.file())) {
            told.put("size", Files.size(function.file()))
                    .put("digest", Digest.of(function.file()).toString());
        }
        output.print(told);
    }
}
