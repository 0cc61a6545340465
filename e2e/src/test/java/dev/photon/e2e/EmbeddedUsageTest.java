package dev.photon.e2e;

/** Usage on a broker inside this JVM. */
class EmbeddedUsageTest extends UsageSuite {
    @Override
    TestingKafka openKafka() throws Exception {
        return TestingKafka.embedded();
    }
}
