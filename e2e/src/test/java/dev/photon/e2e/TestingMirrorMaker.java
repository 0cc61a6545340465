package dev.photon.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.mirror.MirrorMaker;
import org.yaml.snakeyaml.Yaml;

/** Kafka's MirrorMaker 2 in this JVM, which copies to one region as {@code k8s/mirror-maker} has it. */
final class TestingMirrorMaker implements AutoCloseable {
    private static final Path MANIFEST =
            Path.of(System.getProperty("photon.root", "..")).resolve("k8s/mirror-maker/mirror-maker.yaml");
    /** What the operator does not start at all, and to find plugins without looking at every class. */
    private static final Map<String, String> DEDICATED = Map.of(
            "emit.checkpoints.enabled", "false",
            "emit.heartbeats.enabled", "false",
            "heartbeats.topic.replication.factor", "1",
            "plugin.discovery", "service_load");

    private final MirrorMaker mirrorMaker;

    private TestingMirrorMaker(MirrorMaker mirrorMaker) {
        this.mirrorMaker = mirrorMaker;
    }

    /**
     * Copies to one region from all others.
     *
     * @param clusters how the brokers of each region are reached from there, as settings of Kafka's clients
     */
    static TestingMirrorMaker start(String target, Map<String, Map<String, String>> clusters) throws IOException {
        var mirrorMaker = new MirrorMaker(settings(target, clusters), List.of(target));
        mirrorMaker.start();
        return new TestingMirrorMaker(mirrorMaker);
    }

    private static Map<String, String> settings(String target, Map<String, Map<String, String>> clusters)
            throws IOException {
        var spec = map(
                new Yaml().<Map<String, Object>>load(Files.readString(MANIFEST)).get("spec"));
        var mirror = map(((List<?>) spec.get("mirrors")).getFirst());
        var connector = map(mirror.get("sourceConnector"));
        var settings = new HashMap<>(DEDICATED);
        settings.put("clusters", String.join(",", clusters.keySet()));
        settings.put(target + ".plugin.discovery", "service_load");
        put(settings, target + ".", map(map(spec.get("target")).get("config")));
        clusters.forEach((name, client) -> put(settings, name + ".", client));
        for (var source : clusters.keySet()) {
            if (!source.equals(target)) {
                var flow = source + "->" + target + ".";
                settings.put(flow + "enabled", "true");
                settings.put(flow + "topics", mirror.get("topicsPattern").toString());
                settings.put(flow + "tasks.max", connector.get("tasksMax").toString());
                put(settings, flow, map(connector.get("config")));
            }
        }
        return settings;
    }

    private static void put(Map<String, String> settings, String prefix, Map<String, ?> more) {
        more.forEach((key, value) -> settings.put(prefix + key, value.toString()));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @Override
    public void close() {
        mirrorMaker.stop();
        mirrorMaker.awaitStop();
    }
}
