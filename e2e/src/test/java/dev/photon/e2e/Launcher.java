package dev.photon.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The real {@code faas}, run in a folder until it ends. */
record Launcher(Path folder, Map<String, String> environment) {
    static final Path FAAS =
            Path.of(System.getProperty("photon.root", "..")).toAbsolutePath().resolve("faas");

    /** For JVMs that are over before the better compiler pays. */
    static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

    record Run(int exitCode, String output, String error) {}

    Run run(String... arguments) throws IOException, InterruptedException {
        return run(FAAS, arguments);
    }

    /** Another copy of it. */
    Run run(Path faas, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(faas.toString()));
        command.addAll(List.of(arguments));
        var output = Files.createTempFile(folder, "", ".output");
        var error = Files.createTempFile(folder, "", ".error");
        try {
            var builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(error.toFile());
            builder.environment().putAll(environment);
            var exitCode = builder.start().waitFor();
            return new Run(exitCode, Files.readString(output), Files.readString(error));
        } finally {
            Files.delete(output);
            Files.delete(error);
        }
    }
}
