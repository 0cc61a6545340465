package dev.photon.k8s;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Map;

/** The image of all roles, built of what was compiled. */
public final class TestingImage {
    public static final String NAME = "photon/functions:test";
    static final Path HOME = Manifests.FOLDER.resolveSibling("");

    private static boolean built;

    private TestingImage() {}

    /** Builds it, once for all tests. Skips the test where there are no containers. */
    public static synchronized void build() throws Exception {
        assumeTrue("container".equals(System.getenv("TEST_KAFKA")), "containers are not asked for");
        if (!built) {
            Command.run(
                    HOME, Map.of(), Manifests.FOLDER.resolve("image/build.sh").toString(), NAME);
            built = true;
        }
    }
}
