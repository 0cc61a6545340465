package dev.photon.k8s;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What kubectl makes of {@code overlays/laptop}; skipped where there is none. */
class LaptopOverlayTest extends KafkaRules {
    @Override
    Manifests manifests() throws Exception {
        assumeTrue(Command.isThere("kubectl", "version", "--client"), "there is no kubectl");
        return Manifests.rendered("laptop");
    }
}
