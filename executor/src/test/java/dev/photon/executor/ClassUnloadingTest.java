package dev.photon.executor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassUnloadingTest {
    @TempDir
    private Path folder;

    /** The classes of all the versions together would take 115 MB. */
    @Test
    void unloadsTheClassesOfVersionsThatAreDeleted() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                        java,
                        "-XX:MaxMetaspaceSize=48m",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        // Each load and unload is told, and the last one after the result.
                        "-Dorg.slf4j.simpleLogger.log.dev.photon=warn",
                        "-Dphoton.root=" + System.getProperty("photon.root"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyVersions.class.getName(),
                        folder.toString(),
                        "500")
                .redirectErrorStream(true)
                .start();

        var output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(output).endsWith("answered by 500\n");
        assertThat(process.waitFor()).isZero();
    }
}
