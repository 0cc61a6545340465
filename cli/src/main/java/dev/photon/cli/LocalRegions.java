package dev.photon.cli;

import dev.photon.cli.broker.EmbeddedKafka;
import dev.photon.protocol.KafkaSecurity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Several regions in this process, each with a broker, an ingress and a folder of its own. Started by one thread. */
final class LocalRegions implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    /** Ports that the environment may name, and that only one of several could have. */
    private static final List<String> PORTS = List.of("PHOTON_METRICS_PORT", "PHOTON_SCALER_PORT");

    private final List<LocalRegion> regions = new ArrayList<>();

    /**
     * A region that runs.
     *
     * @param url of its ingress
     */
    record LocalRegion(String name, String url, String bootstrap, Stack parts) implements AutoCloseable {
        /** Its broker, too: as if it had gone from the face of the earth. */
        @Override
        public void close() {
            parts.close();
        }
    }

    private LocalRegions() {}

    /**
     * Starts them; all serve when this returns.
     *
     * @param port of the first ingress, the next ones of the others; 0 for free ones
     * @param kafkaPort of the first broker, likewise
     * @param common settings of all of them
     * @throws IllegalArgumentException when names are not distinct, or none
     */
    static LocalRegions start(List<String> names, Path folder, int port, int kafkaPort, Map<String, String> common)
            throws IOException, InterruptedException {
        for (var name : names) {
            if (!NAME.matcher(name).matches() || Collections.frequency(names, name) > 1) {
                throw new IllegalArgumentException("'" + name + "' is no name of a region, or there twice");
            }
        }
        var all = new LocalRegions();
        try {
            all.open(names, folder, port, kafkaPort, common);
            return all;
        } catch (IOException | InterruptedException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    private void open(List<String> names, Path folder, int port, int kafkaPort, Map<String, String> common)
            throws IOException, InterruptedException {
        for (int index = 0; index < names.size(); index++) {
            var name = names.get(index);
            var parts = new Stack();
            var url = "http://127.0.0.1:" + (port == 0 ? freePort() : port + index);
            var broker = parts.push(EmbeddedKafka.start(folder.resolve(name).resolve("kafka"), next(kafkaPort, index)));
            regions.add(new LocalRegion(name, url, broker.bootstrap(), parts));
        }
        var known = regions.stream()
                .map(region -> "%s %s %s".formatted(region.name(), region.bootstrap(), region.url()))
                .collect(Collectors.joining("; "));
        for (var region : regions) {
            var settings = new HashMap<>(common);
            // How other brokers are spoken to does not matter to ours.
            KafkaSecurity.KEYS.forEach(key -> settings.put(key, ""));
            PORTS.forEach(key -> settings.put(key, ""));
            settings.put("PHOTON_REGION", region.name());
            settings.put("PHOTON_REGIONS", known);
            settings.put("PHOTON_BOOTSTRAP", region.bootstrap());
            settings.put("PHOTON_HOST", "127.0.0.1");
            settings.put("PHOTON_PORT", region.url().substring(region.url().lastIndexOf(':') + 1));
            settings.put(
                    "PHOTON_CACHE",
                    folder.resolve(region.name()).resolve("artifacts").toString());
            region.parts().push(Roles.start(EnumSet.allOf(Role.class), RoleConfigs.read(System.getenv(), settings)));
        }
    }

    private static int next(int first, int index) {
        return first == 0 ? 0 : first + index;
    }

    /** All regions are told the ports of all before any of them listens. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** In the order of their names as they were given. */
    List<LocalRegion> all() {
        return List.copyOf(regions);
    }

    /** All at once: each waits more than it works. */
    @Override
    public void close() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            regions.forEach(region -> threads.execute(region::close));
        }
    }
}
