package dev.photon.e2e;

/** The pipeline on a broker in a container, by Testcontainers. Continuous integration does not let it be skipped. */
class ContainerPipelineTest extends PipelineSuite {
    @Override
    TestingKafka openKafka() {
        return TestingKafka.containerOrSkip();
    }
}
