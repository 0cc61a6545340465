package dev.photon.cli.local;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a program that was run ended.
 *
 * @param output all it wrote, to its standard error too
 */
record Subprocess(int exitCode, String output) {

    /**
     * Runs a program to its end, without any input. An interrupt ends it and what it started.
     *
     * @param environment beside that of this process
     * @throws IOException when it cannot be started
     */
    static Subprocess run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        var output = Files.createTempFile("photon-", ".output");
        try {
            var builder = new ProcessBuilder(command)
                    .directory(folder.toAbsolutePath().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            var exitCode = waitFor(builder.start());
            return new Subprocess(exitCode, new String(Files.readAllBytes(output), Charset.defaultCharset()));
        } finally {
            Files.delete(output);
        }
    }

    private static int waitFor(Process process) throws IOException, InterruptedException {
        try {
            process.getOutputStream().close();
            return process.waitFor();
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    boolean succeeded() {
        return exitCode == 0;
    }
}
