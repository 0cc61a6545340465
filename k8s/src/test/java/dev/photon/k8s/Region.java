package dev.photon.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.cli.Role;
import dev.photon.protocol.RegionConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is read of a region before anything is said of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Region {
    private Manifests manifests;
    private List<Workload> workloads;
    private Path root;

    abstract Manifests manifests() throws Exception;

    @BeforeAll
    void read(@TempDir Path folder) throws Exception {
        manifests = manifests();
        workloads = Workload.all(manifests);
        root = folder;
        var certificate = certificate(folder);
        workloads.forEach(workload -> workload.mountSecrets(folder, certificate));
    }

    private static String certificate(Path folder) throws Exception {
        var store = folder.resolve("store").toString();
        var keytool = System.getProperty("java.home") + "/bin/keytool";
        run(List.of(
                keytool,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "ca",
                "-dname",
                "CN=ca",
                "-ext",
                "bc:c",
                "-keystore",
                store,
                "-storepass",
                "changeit"));
        return run(
                List.of(keytool, "-exportcert", "-rfc", "-alias", "ca", "-keystore", store, "-storepass", "changeit"));
    }

    private static String run(List<String> command) throws Exception {
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }

    Manifests read() {
        return manifests;
    }

    List<Workload> workloads() {
        return workloads;
    }

    /** Where the files of the containers are. */
    Path root() {
        return root;
    }

    RegionConfig region() {
        return only(Role.REGISTRY).configs(root).region();
    }

    /** Whether there are other regions. */
    boolean amongOthers() {
        return !region().others().isEmpty();
    }

    Workload only(Role role) {
        return workloads.stream()
                .filter(workload -> workload.role() == role)
                .findAny()
                .orElseThrow();
    }
}
