package dev.photon.e2e;

/** The control plane on a broker inside this JVM. */
class EmbeddedControlPlaneTest extends ControlPlaneSuite {
    @Override
    TestingKafka openKafka() throws Exception {
        return TestingKafka.embedded();
    }
}
