package dev.photon.e2e;

import dev.photon.cli.broker.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/** The broker of {@code faas up} in a process of its own, so that a test can freeze or kill it. */
final class BrokerProcess {
    private BrokerProcess() {}

    static ChildProcess start(Path folder, int port) throws IOException {
        return ChildProcess.java(Map.of(), BrokerProcess.class.getName(), folder.toString(), Integer.toString(port));
    }

    /** A broker that comes back is let in when the session of the one before is over. */
    static void mayComeBackSoon(Properties settings) {
        settings.setProperty("broker.session.timeout.ms", "2000");
        settings.setProperty("broker.heartbeat.interval.ms", "200");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (var kafka = EmbeddedKafka.start(
                Path.of(arguments[0]), Integer.parseInt(arguments[1]), BrokerProcess::mayComeBackSoon)) {
            System.out.println("ready " + kafka.bootstrap());
            new CountDownLatch(1).await();
        }
    }
}
