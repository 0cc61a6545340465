package dev.photon.e2e;

import dev.photon.cli.Role;
import dev.photon.cli.TemporaryFolder;
import dev.photon.cli.broker.EmbeddedKafka;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several regions in this JVM, each with its own broker, which the others reach by a link that can be cut. */
final class TestingRegions implements AutoCloseable {
    private final Map<String, TestingRegion> regions = new LinkedHashMap<>();

    /** What there is of one. */
    static final class TestingRegion implements AutoCloseable {
        final String name;
        final TestingLink link;
        private final TemporaryFolder folder;
        private final EmbeddedKafka broker;
        private final int port;
        private PhotonTester photon;
        private boolean serving;
        private boolean brokerServes = true;

        private TestingRegion(String name, TestingLink link, TemporaryFolder folder, EmbeddedKafka broker, int port) {
            this.name = name;
            this.link = link;
            this.folder = folder;
            this.broker = broker;
            this.port = port;
        }

        PhotonTester photon() {
            return photon;
        }

        String bootstrap() {
            return broker.bootstrap();
        }

        /** Where other regions reach its broker. */
        String outside() {
            return "127.0.0.1:" + link.port();
        }

        /** As the other regions know it. */
        private String described() {
            return "%s %s http://127.0.0.1:%d".formatted(name, outside(), port);
        }

        /** All that callers can see of functions. */
        Map<String, Object> view() throws IOException, InterruptedException {
            var view = new TreeMap<String, Object>();
            for (var function :
                    new JsonArray(photon.get("/api/faas/v1/functions").body())) {
                var path = "/api/faas/v1/function/" + function;
                view.put(
                        function + " aliases",
                        new JsonArray(photon.get(path + "/aliases").body()));
                view.put(
                        function + " history",
                        new JsonArray(photon.get(path + "/history").body()));
                for (var version : new JsonArray(photon.get(path + "/versions").body())) {
                    var metadata = photon.get("/api/faas/v1/download/%s/%s?metaOnly=true".formatted(function, version));
                    var known = new JsonObject(metadata.body());
                    // These are each region's own.
                    known.remove("region");
                    known.remove("since");
                    view.put(function + " " + version, known);
                }
            }
            return view;
        }

        /** Its log stays, and can be read. */
        void stopRoles() throws IOException {
            if (serving) {
                serving = false;
                photon.close();
            }
        }

        /** Its roles stay, and find no log. */
        void stopBroker() {
            if (brokerServes) {
                brokerServes = false;
                broker.close();
            }
        }

        /** Its roles and its broker go; others find nobody. */
        @Override
        public void close() throws IOException {
            link.close();
            stopRoles();
            stopBroker();
            folder.close();
        }
    }

    /** Brokers without roles. */
    static TestingRegions open(String... names) throws IOException {
        var all = new TestingRegions();
        try {
            for (var name : names) {
                all.regions.put(name, open(name));
            }
            return all;
        } catch (IOException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    private static TestingRegion open(String name) throws IOException {
        var link = TestingLink.open();
        var folder = new TemporaryFolder();
        var outside = freePort();
        var broker = EmbeddedKafka.start(folder.path(), 0, settings -> {
            settings.merge("listeners", ",LINK://127.0.0.1:" + outside, (own, more) -> own + (String) more);
            settings.merge(
                    "advertised.listeners", ",LINK://127.0.0.1:" + link.port(), (own, more) -> own + (String) more);
            settings.merge("listener.security.protocol.map", ",LINK:PLAINTEXT", (own, more) -> own + (String) more);
            settings.put("inter.broker.listener.name", "PLAINTEXT");
        });
        link.leadTo(outside);
        return new TestingRegion(name, link, folder, broker, freePort());
    }

    /** With roles in all of them. */
    TestingRegions start(Set<Role> roles, Map<String, String> extra) throws IOException, InterruptedException {
        each(region -> {
            var settings = new HashMap<>(settings(region));
            settings.putAll(extra);
            region.photon = PhotonTester.start(region.bootstrap(), roles, settings);
            region.serving = true;
        });
        return this;
    }

    interface Step {
        void of(TestingRegion region) throws IOException, InterruptedException;
    }

    /** In all regions at once, since they wait more than they work; completes when it is done in all. */
    void each(Step step) throws IOException, InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var steps = new ArrayList<Future<?>>();
            for (var region : regions.values()) {
                steps.add(threads.submit(() -> {
                    step.of(region);
                    return null;
                }));
            }
            for (var one : steps) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    /** What a role of the region is told. */
    Map<String, String> settings(TestingRegion region) {
        var described = new ArrayList<String>();
        regions.values().forEach(each -> described.add(each.described()));
        return Map.of(
                "PHOTON_REGION", region.name,
                "PHOTON_BOOTSTRAP", region.bootstrap(),
                "PHOTON_PORT", Integer.toString(region.port),
                "PHOTON_REGIONS", String.join("; ", described));
    }

    TestingRegion get(String name) {
        return regions.get(name);
    }

    List<TestingRegion> all() {
        return List.copyOf(regions.values());
    }

    /** All are told each other's ports before anything listens there. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            each(TestingRegion::close);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
