package dev.photon.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.photon.cli.TemporaryFolder;
import dev.photon.cli.broker.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** A broker for a test: inside this JVM, or in a container. */
interface TestingKafka extends AutoCloseable {
    String bootstrap();

    @Override
    void close();

    static TestingKafka embedded() throws IOException {
        var folder = new TemporaryFolder();
        var broker = EmbeddedKafka.start(folder.path(), 0);
        return new TestingKafka() {
            @Override
            public String bootstrap() {
                return broker.bootstrap();
            }

            @Override
            public void close() {
                broker.close();
                try {
                    folder.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /** In a container where that is asked for, and in this JVM elsewhere: for what takes too long to be tested on both. */
    static TestingKafka either() throws IOException {
        return containersWanted() ? container() : embedded();
    }

    /** In a container where that is asked for; elsewhere the test is skipped, and says so. */
    static TestingKafka containerOrSkip() {
        if (!containersWanted()) {
            System.err.println("no TEST_KAFKA=container: the suite runs on the in-JVM broker only");
        }
        assumeTrue(containersWanted(), "containers are not asked for");
        return container();
    }

    /** Which image: the official one, unless this machine has to build its own. */
    static TestingKafka container() {
        var image = Optional.ofNullable(System.getenv("TEST_KAFKA_IMAGE")).orElse("photon/kafka:4.3.1");
        var container = new KafkaContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("apache/kafka"));
        container.start();
        return new TestingKafka() {
            @Override
            public String bootstrap() {
                return container.getBootstrapServers();
            }

            @Override
            public void close() {
                container.close();
            }
        };
    }

    /** Continuous integration demands the container; elsewhere it is used when there is an engine with the image. */
    static boolean containersWanted() {
        return "container".equals(System.getenv("TEST_KAFKA"));
    }

    static boolean dockerThere() {
        return DockerClientFactory.instance().isDockerAvailable();
    }
}
