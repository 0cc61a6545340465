package dev.photon.benchmarks;

import java.io.IOException;
import java.util.List;

/** Kafka's clients in one process, a broker in another. */
record KafkaScenario(String name, String title) implements Scenario {

    @Override
    public void measure(Bench bench, Results results) throws IOException, InterruptedException {
        var folder = bench.newFolder().toString();
        try (var broker = bench.startJava(Broker.class, List.of(folder))) {
            var bootstrap = broker.awaitReady().getAuthority();
            new MainScenario(name, title, KafkaEcho.class, bootstrap).measure(bench, results);
        }
    }
}
