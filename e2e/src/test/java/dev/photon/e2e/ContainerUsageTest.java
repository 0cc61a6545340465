package dev.photon.e2e;

/** Usage on a broker in a container, by Testcontainers. Continuous integration does not let it be skipped. */
class ContainerUsageTest extends UsageSuite {
    @Override
    TestingKafka openKafka() {
        return TestingKafka.containerOrSkip();
    }
}
