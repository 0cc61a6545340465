package dev.photon.e2e;

/** The pipeline on a broker inside this JVM. */
class EmbeddedPipelineTest extends PipelineSuite {
    @Override
    TestingKafka openKafka() throws Exception {
        return TestingKafka.embedded();
    }
}
