package dev.photon.k8s;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What kubectl makes of {@code overlays/region}; skipped where there is none. */
class RegionOverlayTest extends KafkaRules {
    @Override
    Manifests manifests() throws Exception {
        assumeTrue(Command.isThere("kubectl", "version", "--client"), "there is no kubectl");
        return Manifests.rendered("region");
    }
}
