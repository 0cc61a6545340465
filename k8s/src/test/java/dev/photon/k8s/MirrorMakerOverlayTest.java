package dev.photon.k8s;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What kubectl makes of {@code overlays/regions-mirror-maker}; skipped where there is none. */
class MirrorMakerOverlayTest extends KafkaRules {
    @Override
    Manifests manifests() throws Exception {
        assumeTrue(Command.isThere("kubectl", "version", "--client"), "there is no kubectl");
        return Manifests.rendered("regions-mirror-maker");
    }
}
