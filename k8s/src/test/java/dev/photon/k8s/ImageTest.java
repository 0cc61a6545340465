package dev.photon.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The image itself; {@link ChaosTest} runs a region of it. Continuous integration does not let it be skipped. */
class ImageTest {
    @BeforeAll
    static void build() throws Exception {
        TestingImage.build();
    }

    /** With {@code on} a cache that does not fit is an error, and not only a slow start. */
    @Test
    void startsFromTheCacheThatWasMadeInIt() throws Exception {
        var output = Command.run(
                TestingImage.HOME,
                Map.of(),
                "docker",
                "run",
                "--rm",
                "--network=none",
                "--read-only",
                "--tmpfs=/tmp",
                "--cap-drop=ALL",
                "--env=JDK_JAVA_OPTIONS=-XX:AOTMode=on",
                TestingImage.NAME,
                "--version");

        assertThat(output).contains("faas 0.1.0");
    }
}
