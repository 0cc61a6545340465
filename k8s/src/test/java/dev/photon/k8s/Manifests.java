package dev.photon.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** What is applied to a cluster together. */
record Manifests(List<Object> all) {
    static final Path FOLDER =
            Path.of(System.getProperty("photon.root", "..")).resolve("k8s").toAbsolutePath();

    /** Everything as it is written, before overlays change it. */
    static Manifests written() throws IOException {
        var all = new ArrayList<>();
        for (var folder : List.of("base", "strimzi", "keda", "monitoring")) {
            for (var file : yamlFiles(FOLDER.resolve(folder))) {
                if (!isKustomization(file)) {
                    documents(Files.readString(file)).forEach(document -> all.add(Models.parse(document)));
                }
            }
        }
        var region = new io.fabric8.kubernetes.api.model.ConfigMapBuilder()
                .withNewMetadata()
                .withName("photon-region")
                .endMetadata()
                .withData(pairs(FOLDER.resolve("base/region.env")))
                .build();
        all.add(region);
        return new Manifests(all);
    }

    /** What kubectl makes of an overlay. */
    static Manifests rendered(String overlay) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        "kubectl",
                        "kustomize",
                        FOLDER.resolve("overlays").resolve(overlay).toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var text = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError("kubectl does not take overlays/" + overlay);
        }
        return new Manifests(documents(text).stream().map(Models::parse).toList());
    }

    <T> List<T> of(Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <T> T only(Class<T> kind) {
        var found = of(kind);
        if (found.size() != 1) {
            throw new AssertionError("there are %d of %s".formatted(found.size(), kind.getSimpleName()));
        }
        return found.getFirst();
    }

    static boolean isKustomization(Path file) {
        return file.getFileName().toString().equals("kustomization.yaml");
    }

    /** In the folder and below, but not what is built or tested. */
    static List<Path> yamlFiles(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !FOLDER.relativize(file).startsWith("target"))
                    .sorted()
                    .toList();
        }
    }

    /** A key that is there twice is a mistake. */
    static List<Map<String, Object>> documents(String text) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(1_000);
        return StreamSupport.stream(new Yaml(options).loadAll(text).spliterator(), false)
                .map(Manifests::tree)
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> tree(Object document) {
        return (Map<String, Object>) document;
    }

    /** The lines {@code NAME=value} of a file. */
    static Map<String, String> pairs(Path file) {
        try {
            var pairs = new TreeMap<String, String>();
            for (var line : Files.readAllLines(file)) {
                if (!line.startsWith("#")) {
                    var equal = line.indexOf('=');
                    pairs.put(line.substring(0, equal), line.substring(equal + 1));
                }
            }
            return pairs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
