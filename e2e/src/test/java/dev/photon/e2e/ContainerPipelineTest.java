package dev.photon.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The pipeline on a broker in a container, by Testcontainers. Continuous integration does not let it be skipped. */
class ContainerPipelineTest extends PipelineSuite {
    @Override
    TestingKafka openKafka() {
        if (!TestingKafka.containersWanted()) {
            System.err.println("no TEST_KAFKA=container: the suite runs on the in-JVM broker only");
            assumeTrue(TestingKafka.containersWanted(), "containers are not asked for");
        }
        return TestingKafka.container();
    }
}
