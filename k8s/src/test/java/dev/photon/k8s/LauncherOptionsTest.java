package dev.photon.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The image starts a JVM as the launcher does. */
class LauncherOptionsTest {
    @Test
    void theImageHasTheOptionsOfTheLauncher() throws Exception {
        var launcher = Files.readString(Manifests.FOLDER.resolveSibling("faas"));
        var start = launcher.indexOf("java=(");
        var block = launcher.substring(start, launcher.indexOf("-Dphoton.home", start));
        var options = Pattern.compile("(?<=\\s)-\\S+")
                .matcher(block)
                .results()
                .map(match -> match.group())
                .toList();

        assertThat(Files.readAllLines(Manifests.FOLDER.resolve("image/java.options")).stream()
                        .filter(line -> !line.startsWith("#")))
                .isNotEmpty()
                .containsExactlyElementsOf(options);
    }
}
