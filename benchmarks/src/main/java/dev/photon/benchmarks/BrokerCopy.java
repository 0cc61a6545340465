package dev.photon.benchmarks;

import java.io.IOException;
import java.util.List;

/** What {@link CopyThroughput} measures, in a process of its own between two brokers in theirs. */
record BrokerCopy(String name, String title) implements Scenario {
    static final String COPIED = "copied";
    static final String COPIED_PLAINLY = "copied-plainly";

    @Override
    public void measure(Bench bench, Results results) throws IOException, InterruptedException {
        try (var from = bench.startJava(Broker.class, List.of(bench.newFolder().toString()));
                var to = bench.startJava(Broker.class, List.of(bench.newFolder().toString()))) {
            var arguments = List.of(
                    from.awaitReady().getAuthority(),
                    to.awaitReady().getAuthority(),
                    bench.newFolder().toString());
            try (var copying = bench.startJava(CopyThroughput.class, arguments)) {
                for (var line : copying.awaitEnd()) {
                    var words = line.split(" ", -1);
                    if (words[0].equals(CopyThroughput.REPLICATOR)) {
                        results.addFigure(name, 1, COPIED, Double.parseDouble(words[1]), "1/s");
                    } else if (words[0].equals(CopyThroughput.PLAIN)) {
                        results.addFigure(name, 1, COPIED_PLAINLY, Double.parseDouble(words[1]), "1/s");
                    }
                }
            }
        }
    }
}
