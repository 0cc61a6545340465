package dev.photon.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The load generator: each connection sends its next request when it has its answer. */
final class Wrk {
    private static final Pattern SUMMARY =
            Pattern.compile("photon requests=(\\d+) duration=(\\d+) p50=(\\d+) p99=(\\d+) failed=(\\d+) lost=(\\d+)");

    private final Bench bench;
    /** For the script. */
    private final String kind;

    private final URI url;

    private Wrk(Bench bench, String kind, URI url) {
        this.bench = bench;
        this.kind = kind;
        this.url = url;
    }

    /** Calls of the echo. */
    static Wrk echo(Bench bench, URI url) {
        return new Wrk(bench, "echo", url);
    }

    static Wrk get(Bench bench, URI url) {
        return new Wrk(bench, "get", url);
    }

    /** Whether it is installed. */
    static boolean isThere() throws InterruptedException {
        try {
            var process = new ProcessBuilder("wrk", "-v")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.waitFor();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    Level load(int connections, int seconds) throws IOException, InterruptedException {
        var threads = connections == 1 ? 1 : 2;
        var command = List.of(
                "wrk",
                "-t" + threads,
                "-c" + connections,
                "-d" + seconds + "s",
                "--timeout",
                "10s",
                "-s",
                bench.root().resolve("benchmarks/wrk.lua").toString(),
                url.toString(),
                "--",
                kind);
        try (var wrk = bench.start("wrk", command)) {
            for (var line : wrk.awaitEnd()) {
                var summary = SUMMARY.matcher(line);
                if (summary.matches()) {
                    return level(connections, summary.toMatchResult());
                }
            }
            throw wrk.failure("printed no summary");
        }
    }

    private static Level level(int connections, MatchResult summary) {
        var failed = number(summary, 5);
        return new Level(
                connections,
                (number(summary, 1) - failed) * 1e6 / number(summary, 2),
                number(summary, 3),
                number(summary, 4),
                failed + number(summary, 6));
    }

    private static long number(MatchResult summary, int group) {
        return Long.parseLong(summary.group(group));
    }
}
