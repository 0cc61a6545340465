package dev.photon.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/**
 * Two regions, each a {@code faas up} of its own, and a link between their ingresses that takes its time. A function that
 * is placed in the far one is called there, and through the near one; each in turn, one at a time, beside a ping of as many
 * bytes over a link alike, which is the round trip that counts.
 */
record ForwardedCalls(String name, String title) implements Scenario {
    static final List<Integer> ROUND_TRIPS = List.of(0, 40);

    private static final String FUNCTION = "/fn/" + EchoGuest.NAME;
    private static final int WARM_UP_CONNECTIONS = 16;
    private static final int TURNS_TO_SETTLE = 20;
    private static final int PATIENCE_MILLIS = 60_000;

    /** Of calls in the region itself, at such a round trip. */
    static String local(int roundTripMillis) {
        return "local-p50-%dms".formatted(roundTripMillis);
    }

    /** Of calls through the other region, without the round trip. */
    static String beyond(int roundTripMillis) {
        return "forwarded-beyond-round-trip-p50-%dms".formatted(roundTripMillis);
    }

    @Override
    public void measure(Bench bench, Results results) throws IOException, InterruptedException {
        var near = URI.create("http://127.0.0.1:" + Ports.free());
        var far = URI.create("http://127.0.0.1:" + Ports.free());
        try (var link = DelayingLink.to(far.getPort())) {
            var kafka = List.of(Ports.free(), Ports.free());
            var regions = "near 127.0.0.1:%d %s; far 127.0.0.1:%d http://127.0.0.1:%d"
                    .formatted(kafka.get(0), near, kafka.get(1), link.port());
            try (var there = start(bench, "far", regions, far, kafka.get(1));
                    var here = start(bench, "near", regions, near, kafka.get(0))) {
                there.awaitReady();
                here.awaitReady();
                deploy(bench, near, far);
                Wrk.echo(bench, near.resolve(FUNCTION))
                        .load(WARM_UP_CONNECTIONS, bench.pace().warmUp());
                try (var echo = TcpEcho.start();
                        var alike = DelayingLink.to(echo.port())) {
                    for (var roundTrip : ROUND_TRIPS) {
                        link.takes(Duration.ofMillis(roundTrip));
                        alike.takes(Duration.ofMillis(roundTrip));
                        calls(near, far, alike, bench.pace().measured(), roundTrip, results);
                    }
                }
            }
        }
    }

    private static ServerProcess start(Bench bench, String region, String regions, URI url, int kafkaPort)
            throws IOException {
        return bench.start(
                "faas-up-" + region,
                List.of(
                        "env",
                        "PHOTON_REGIONS=" + regions,
                        bench.root().resolve("faas").toString(),
                        "up",
                        "--region",
                        region,
                        "--port",
                        Integer.toString(url.getPort()),
                        "--kafka-port",
                        Integer.toString(kafkaPort)));
    }

    private static void deploy(Bench bench, URI near, URI far) throws IOException, InterruptedException {
        var toml = EchoGuest.TOML + "\n[placement]\nregions = [\"far\"]\n";
        Http.deploy(far, toml, EchoGuest.module(bench.root(), EchoGuest.HANDLER));
        try (var client = Http.client()) {
            var began = System.nanoTime();
            var region = "";
            while (!region.equals("far")) {
                if (Region.millisSince(began) > PATIENCE_MILLIS) {
                    throw new IOException("the function is not forwarded to after a minute");
                }
                var answer = client.send(Http.echo(near.resolve(FUNCTION)), HttpResponse.BodyHandlers.ofByteArray());
                region = answer.statusCode() == 200
                        ? answer.headers().firstValue("photon-region").orElse("")
                        : "";
            }
        }
    }

    private void calls(URI near, URI far, DelayingLink alike, int seconds, int roundTrip, Results results)
            throws IOException {
        var pinged = new Samples();
        var called = new Samples();
        var forwarded = new Samples();
        try (var ping = RawCaller.ping(alike.port(), near.resolve(FUNCTION));
                var local = RawCaller.echo(far.resolve(FUNCTION));
                var through = RawCaller.echo(near.resolve(FUNCTION))) {
            for (int i = 0; i < TURNS_TO_SETTLE; i++) {
                ping.call();
                local.call();
                through.call();
            }
            var until = System.nanoTime() + Pace.nanos(seconds);
            while (System.nanoTime() < until) {
                pinged.add(ping.call());
                called.add(local.call());
                forwarded.add(through.call());
            }
        }
        var trip = p50(pinged, seconds);
        var whole = p50(forwarded, seconds);
        results.addFigure(name, 1, "round-trip-p50-%dms".formatted(roundTrip), trip, "us");
        results.addFigure(name, 1, local(roundTrip), p50(called, seconds), "us");
        results.addFigure(name, 1, "forwarded-p50-%dms".formatted(roundTrip), whole, "us");
        results.addFigure(name, 1, beyond(roundTrip), whole - trip, "us");
    }

    private static double p50(Samples samples, int seconds) {
        return samples.level(1, Pace.nanos(seconds)).p50();
    }
}
