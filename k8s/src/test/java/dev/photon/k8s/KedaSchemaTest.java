package dev.photon.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our ScaledObjects by the schema that KEDA publishes, which an npm package has. */
class KedaSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    @BeforeAll
    static void install() throws Exception {
        assumeTrue(Command.isThere("npm", "--version"), "there is no npm");
        for (var name : List.of("package.json", "package-lock.json", "scaled-objects.js")) {
            Files.copy(Manifests.FOLDER.resolve("src/test/keda").resolve(name), folder.resolve(name));
        }
        Command.run(folder, Map.of(), "npm", "ci", "--no-audit", "--no-fund");
    }

    @Test
    void oursKeepToIt() throws Exception {
        var ours = new ArrayList<>(scaledObjects(Files.readString(Manifests.FOLDER.resolve("keda/executor.yaml"))));
        ours.addAll(scaledObjects(exampleOf(Manifests.FOLDER.resolve("README.md"))));

        assertThat(objections(ours)).hasSize(2).containsOnlyNulls();
    }

    @Test
    void whatItDoesNotAllowIsFound() throws Exception {
        var wrong = scaledObjects("""
                {kind: ScaledObject, spec: {scaleTargetRef: {name: a}, triggers: [{metadata: {a: "1"}}]}}
                ---
                {kind: ScaledObject, spec: {scaleTargetRef: {name: a}, triggers: [{type: a, metadata: {a: 1}}]}}
                """);

        assertThat(objections(wrong))
                .containsExactly(
                        "data/spec/triggers/0 must have required property type",
                        "data/spec/triggers/0/metadata/a must be string");
    }

    private static List<Map<String, Object>> scaledObjects(String yaml) {
        return Manifests.documents(yaml).stream()
                .filter(document -> "ScaledObject".equals(document.get("kind")))
                .toList();
    }

    /** The indented lines from the first with {@code keda.sh} on. */
    private static String exampleOf(Path text) throws IOException {
        return String.join(
                "\n",
                Files.readAllLines(text).stream()
                        .dropWhile(line -> !line.contains("apiVersion: keda.sh"))
                        .takeWhile(line -> line.startsWith("    "))
                        .toList());
    }

    private static List<String> objections(List<Map<String, Object>> objects) throws Exception {
        var input = folder.resolve("objects.json");
        JSON.writeValue(input.toFile(), objects);
        var node = new ProcessBuilder("node", "scaled-objects.js")
                .directory(folder.toFile())
                .redirectInput(input.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var output = new String(node.getInputStream().readAllBytes(), UTF_8);
        assertThat(node.waitFor()).isZero();
        return Arrays.asList(JSON.readValue(output, String[].class));
    }
}
