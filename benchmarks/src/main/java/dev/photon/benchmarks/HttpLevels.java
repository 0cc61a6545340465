package dev.photon.benchmarks;

import java.io.IOException;
import java.net.URI;

/** Loads a server over HTTP at each level, after a warm-up. */
final class HttpLevels {
    private HttpLevels() {}

    static void measure(Bench bench, String scenario, ServerProcess server, URI url, Results results)
            throws IOException, InterruptedException {
        Http.check(url);
        measure(bench, scenario, server, Wrk.echo(bench, url), results);
        Http.check(url);
    }

    static void measure(Bench bench, String scenario, ServerProcess server, Wrk wrk, Results results)
            throws IOException, InterruptedException {
        var pace = bench.pace();
        wrk.load(Pace.WARM_UP_LEVEL, pace.warmUp());
        for (var connections : Pace.LEVELS) {
            wrk.load(connections, Pace.SETTLE);
            var before = server.cpuSeconds();
            var level = wrk.load(connections, pace.measured());
            var took = server.cpuSeconds() - before;
            results.add(scenario, level);
            if (level.throughput() > 0) {
                results.addSeconds(
                        scenario,
                        connections,
                        Measurement.CPU_PER_THOUSAND,
                        1_000 * took / (level.throughput() * pace.measured()));
            }
        }
    }
}
