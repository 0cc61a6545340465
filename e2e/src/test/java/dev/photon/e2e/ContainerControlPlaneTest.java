package dev.photon.e2e;

/** The control plane on a broker in a container, by Testcontainers. Continuous integration does not let it be skipped. */
class ContainerControlPlaneTest extends ControlPlaneSuite {
    @Override
    TestingKafka openKafka() {
        return TestingKafka.containerOrSkip();
    }
}
