package dev.photon.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.protocol.KafkaConnection;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A region under load whose parts die, one of each kind, and one more stops for a while as if it had; in an order of chance.
 * With {@code -Pchaos} it begins anew for ten minutes, or {@code -Dchaos.minutes}; {@code -Dchaos.seed} makes the same
 * choices again. Continuous integration does not let it be skipped.
 */
class ChaosTest {
    private static final int PER_SECOND = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration MORE = Duration.ofMinutes(Integer.getInteger("chaos.minutes", 0));
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime() & 0xffff_ffffL);
    private static final String KEY = "a key that may do everything";
    private static final Path LOGS = Manifests.FOLDER.resolve("target/chaos");
    private static final Path ECHO = TestingImage.HOME.resolve("e2e/src/test/resources/guests/echo.wasm");

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Random random = new Random(SEED);
    private final Outages outages = new Outages();
    private int version;

    @BeforeAll
    static void build() throws Exception {
        TestingImage.build();
    }

    @Test
    void everyRequestIsAnsweredOrItsClientIsToldWhateverDies() throws Exception {
        System.out.printf("chaos: seed %d%n", SEED);
        try (var region = new Topology(TestingImage.NAME, Topology.writeKeys(folder, KEY))) {
            region.start(1, 2, 2);
            var ingresses = new HashMap<String, URI>();
            region.names("ingress").forEach(name -> ingresses.put(name, region.address(name, 8080)));
            deploy(ingresses.get("ingress-1"));
            for (var ingress : ingresses.values()) {
                await().atMost(PATIENCE).until(() -> knowsFunction(ingress));
            }

            var functions = new HashMap<String, URI>();
            ingresses.forEach((name, uri) -> functions.put(name, uri.resolve("/fn/echo")));
            var load = new OpenLoad(functions, KEY, PER_SECOND);
            try (var recorded = new Recorded(new KafkaConnection(region.bootstrap()))) {
                strike(region, load, ingresses.get("ingress-2"));
                var ledger = new Ledger(load.sent(), load.ended(), recorded.whole(), outages);

                say("time-line", new TimeLine(load.ended(), outages.all()).toString());
                say("ledger", ledger.toString());
                assertThat(ledger.discrepancies()).isEmpty();
            } finally {
                load.close();
                region.writeLogs(LOGS);
                Files.write(
                        LOGS.resolve("calls.log"),
                        load.ended().stream().map(Call::toString).toList());
            }
        }
    }

    /** Prints it, and writes it to a file for whoever started the run. */
    private static void say(String name, String table) throws IOException {
        System.out.print(table);
        Files.writeString(Files.createDirectories(LOGS).resolve(name + ".txt"), table);
    }

    private interface Blow {
        void strike() throws Exception;
    }

    /** All blows, until the last client has heard. */
    private void strike(Topology region, OpenLoad load, URI ingress) throws Exception {
        try (load;
                var chaos = new Chaos(region, load, outages, random)) {
            var end = System.nanoTime() + MORE.toNanos();
            var kinds = List.of("executor", "ingress", "kafka");
            do {
                var blows = new ArrayList<Blow>();
                kinds.forEach(kind -> blows.add(() -> chaos.kill(kind)));
                blows.add(() -> killRegistry(chaos, load, ingress));
                blows.add(() -> chaos.freeze(kinds.get(random.nextInt(kinds.size()))));
                Collections.shuffle(blows, random);
                for (var blow : blows) {
                    blow.strike();
                }
            } while (System.nanoTime() - end < 0);
        }
    }

    /** A version that is deployed meanwhile is there afterwards. */
    private void killRegistry(Chaos chaos, OpenLoad load, URI ingress) throws Exception {
        var deployment = new CompletableFuture<Void>();
        chaos.kill(
                "registry",
                () -> Thread.ofVirtual().start(() -> {
                    try {
                        deploy(ingress);
                        deployment.complete(null);
                    } catch (Exception | AssertionError e) {
                        deployment.completeExceptionally(e);
                    }
                }));
        deployment.get();
        load.awaitAnswerOf("1.0." + version);
    }

    private void deploy(URI ingress) throws Exception {
        version++;
        var function = Files.createDirectories(folder.resolve("echo"));
        Files.copy(ECHO, function.resolve("echo.wasm"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(function.resolve("photoniq.toml"), """
                name = "echo"
                version = "1.0.%d"
                [runtime]
                timeout_ms = 10000
                """.formatted(version));
        Command.run(
                function,
                Map.of("API_URL", ingress.toString(), "API_KEY", KEY),
                TestingImage.HOME.resolve("faas").toString(),
                "remote",
                "deploy");
    }

    private boolean knowsFunction(URI ingress) throws Exception {
        var request = HttpRequest.newBuilder(ingress.resolve("/api/faas/v1/function/echo/versions"))
                .header("authorization", "apikey " + KEY)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }
}
