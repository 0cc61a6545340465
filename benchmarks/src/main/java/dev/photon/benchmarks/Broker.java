package dev.photon.benchmarks;

import dev.photon.cli.broker.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;

/** The broker of {@code faas up}, in a process of its own. */
public final class Broker {
    private Broker() {}

    /**
     * @param arguments an empty folder for the log
     */
    public static void main(String[] arguments) throws IOException {
        try (var kafka = EmbeddedKafka.start(Path.of(arguments[0]), 0)) {
            Lifeline.serve("kafka://" + kafka.bootstrap());
        }
    }
}
