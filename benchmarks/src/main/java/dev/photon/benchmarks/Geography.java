package dev.photon.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Three regions of {@code faas up}: how long until what one of them is told holds in the other two. */
record Geography(String name, String title) implements Scenario {
    private static final int DEPLOYMENTS = 60;
    private static final int SWITCHES = 200;
    private static final int MODULE_BYTES = 1 << 20;
    private static final int PATIENCE_MILLIS = 60_000;

    static final String DEPLOYED = "deployed-to-callable-p99";
    static final String SWITCHED = "alias-switch-p99";

    @Override
    public void measure(Bench bench, Results results) throws Skipped, IOException, InterruptedException {
        var faas = bench.root().resolve("faas").toString();
        var command = List.of(faas, "up", "--regions", "us-east,eu-west,ap-south", "--port", "0", "--kafka-port", "0");
        try (var up = bench.start("faas up", command);
                var client = Http.client()) {
            up.awaitReady();
            var regions = up.lines().stream()
                    .filter(line -> line.startsWith(ServerProcess.READY))
                    .map(line -> URI.create(line.split(" ", -1)[2]))
                    .toList();
            var observed = new Observed(client, regions);
            deployments(bench, observed, results);
            switches(observed, results);
        }
    }

    /**
     * What is seen of the regions.
     *
     * @param regions their ingresses; the first is told everything
     */
    private record Observed(HttpClient client, List<URI> regions) {
        private interface Holds {
            boolean in(URI region) throws IOException, InterruptedException;
        }

        /** The milliseconds until it holds in all but the first. */
        double untilElsewhere(Holds holds) throws IOException, InterruptedException {
            var began = System.nanoTime();
            for (var region : regions.subList(1, regions.size())) {
                while (!holds.in(region)) {
                    if (Region.millisSince(began) > PATIENCE_MILLIS) {
                        throw new IOException("it does not hold in " + region + " after a minute");
                    }
                }
            }
            return Region.millisSince(began);
        }

        /** Whether the function is run there, and not in another region for it. */
        boolean runs(URI region, String function) throws IOException, InterruptedException {
            var call = Http.echo(region.resolve("/fn/" + function));
            var answer = client.send(call, HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200
                    && answer.headers()
                            .firstValue("photon-region")
                            .map(at -> at.equals(nameOf(region)))
                            .orElse(true);
        }

        private String nameOf(URI region) {
            return List.of("us-east", "eu-west", "ap-south").get(regions.indexOf(region));
        }

        String get(URI url) throws IOException, InterruptedException {
            return client.send(Http.get(url), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private void deployments(Bench bench, Observed observed, Results results) throws IOException, InterruptedException {
        var module = EchoGuest.module(bench.root(), EchoGuest.HANDLER);
        var random = new Random(1);
        var millis = new double[DEPLOYMENTS];
        for (int i = -DEPLOYMENTS / 4; i < DEPLOYMENTS; i++) {
            var function = "geo-" + (i + DEPLOYMENTS);
            var toml = "name = \"%s\"\nversion = \"1.0.0\"\n".formatted(function);
            Http.deploy(observed.regions().getFirst(), toml, grown(module, random));
            var took = observed.untilElsewhere(region -> observed.runs(region, function));
            if (i >= 0) {
                millis[i] = took;
            }
        }
        percentiles(results, "deployed-to-callable", millis);
    }

    /** With a custom section (WebAssembly Core Specification 2.0, 5.5.3) that no other has, to a megabyte. */
    private static byte[] grown(byte[] module, Random random) {
        var content = new byte[MODULE_BYTES - module.length];
        random.nextBytes(content);
        content[0] = 0;
        // The section's length, of what follows it, in LEB128 of three bytes.
        var length = content.length - 4;
        content[1] = (byte) ((length & 0x7f) | 0x80);
        content[2] = (byte) (((length >> 7) & 0x7f) | 0x80);
        content[3] = (byte) (length >> 14);
        content[4] = 1;
        content[5] = 'x';
        var grown = Arrays.copyOf(module, MODULE_BYTES);
        System.arraycopy(content, 0, grown, module.length, content.length);
        return grown;
    }

    private void switches(Observed observed, Results results) throws IOException, InterruptedException {
        var first = observed.regions().getFirst();
        for (var version : List.of("1.0.0", "1.1.0")) {
            var toml = "name = \"switched\"\nversion = \"%s\"\n".formatted(version);
            Http.deploy(first, toml, EchoGuest.module(EchoGuest.root(), EchoGuest.HANDLER));
        }
        var millis = new double[SWITCHES];
        for (int i = 0; i < SWITCHES; i++) {
            var targets = "[{\"version\":\"1.%d.0\",\"weight\":1.0}]".formatted(i % 2);
            var path = "/api/faas/v1/function/switched/alias/live";
            var put = HttpRequest.newBuilder(first.resolve(path))
                    .PUT(HttpRequest.BodyPublishers.ofString(targets, StandardCharsets.UTF_8))
                    .build();
            Http.expectOk(observed.client().send(put, HttpResponse.BodyHandlers.ofByteArray()));
            millis[i] = observed.untilElsewhere(
                    region -> observed.get(region.resolve(path)).equals(targets));
        }
        percentiles(results, "alias-switch", millis);
    }

    private void percentiles(Results results, String metric, double[] millis) {
        Arrays.sort(millis);
        results.addMillis(name, metric + "-p50", millis[millis.length / 2]);
        results.addMillis(name, metric + "-p99", millis[(int) Math.ceil(0.99 * millis.length) - 1]);
    }
}
