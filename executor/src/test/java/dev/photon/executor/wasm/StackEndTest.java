package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StackEndTest {
    /** In a process where nothing has been initialised by other tests. */
    @Test
    void breaksNothingForThoseWhoCallLater() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                        java,
                        "-Xmx256m",
                        "-XX:MaxJavaStackTraceDepth=16",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StackEnd.class.getName())
                .redirectErrorStream(true)
                .start();

        var output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(output.strip()).endsWith("all well");
        assertThat(process.waitFor()).isZero();
    }
}
