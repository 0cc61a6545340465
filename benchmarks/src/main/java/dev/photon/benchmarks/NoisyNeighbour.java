package dev.photon.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.ToDoubleFunction;

/**
 * What a light function's callers notice of one that computes: the echo, called at a fixed rate, alone and then beside
 * callers that keep the Mandelbrot example computing. The two are taken in turn, several times, and what is told is
 * the median of the pairs.
 */
record NoisyNeighbour(String name, String title) implements Scenario {
    /** Callers at once: fewer than cores, and more. */
    private static final List<Integer> BURNERS = List.of(1, 8);

    private static final int PAIRS = 5;
    private static final String TOML = "name = \"mandelbrot\"\nversion = \"1.0.0\"\n";
    private static final String MODULE = "examples/mandelbrot/mandelbrot.wasm";

    /** About a second on a core. */
    private static final String WORK = "/fn/mandelbrot?width=400&height=400&iterations=5000";

    /** One pair: 95th percentiles in microseconds, and how many times in a second the neighbour finished its work. */
    private record Pair(double alone, double beside, double burnt) {
        double ratio() {
            return beside / alone;
        }
    }

    @Override
    public void measure(Bench bench, Results results) throws Skipped, IOException, InterruptedException {
        try (var up = EndToEnd.start(bench, EchoGuest.COMMAND)) {
            measure(bench, up.url(), results);
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }

    private void measure(Bench bench, URI url, Results results) throws IOException, InterruptedException {
        Http.deploy(url, TOML, Files.readAllBytes(bench.root().resolve(MODULE)));
        var work = url.resolve(WORK);
        Wrk.echo(bench, url).load(Pace.WARM_UP_LEVEL, bench.pace().warmUp());
        var seconds = bench.pace().measured();
        try (var light = new OpenLoop(url)) {
            light.run(seconds);
            for (var burners : BURNERS) {
                var pairs = new Pair[PAIRS];
                for (int i = 0; i < PAIRS; i++) {
                    pairs[i] = pair(light, work, burners, seconds);
                }
                results.addFigure(name, burners, "p95-alone", median(pairs, Pair::alone), "us");
                results.addFigure(name, burners, "p95-beside", median(pairs, Pair::beside), "us");
                results.addFigure(name, burners, Measurement.P95_RATIO, median(pairs, Pair::ratio), "1");
                results.addFigure(name, burners, "burner-throughput", median(pairs, Pair::burnt), "1/s");
            }
        }
    }

    private static Pair pair(OpenLoop light, URI work, int burners, int seconds) throws InterruptedException {
        Thread.sleep(1000L * Pace.SETTLE);
        var alone = light.run(seconds);
        var neighbour = new Burners(work, burners);
        double beside;
        try (neighbour) {
            Thread.sleep(1000L * Pace.SETTLE);
            beside = light.run(seconds);
        }
        return new Pair(alone, beside, neighbour.throughput());
    }

    private static double median(Pair[] pairs, ToDoubleFunction<Pair> figure) {
        return Arrays.stream(pairs)
                .mapToDouble(figure)
                .sorted()
                .skip(pairs.length / 2)
                .findFirst()
                .orElseThrow();
    }
}
