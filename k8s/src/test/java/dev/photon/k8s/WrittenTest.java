package dev.photon.k8s;

import java.io.IOException;

/** The manifests before overlays change them. */
class WrittenTest extends KafkaRules {
    @Override
    Manifests manifests() throws IOException {
        return Manifests.written();
    }
}
