package dev.photon.registry;

import dev.photon.protocol.DeployResult;
import java.util.Optional;

/**
 * What is to be written for one command.
 *
 * @param manifest the new version, empty when nothing changes
 */
record Deployment(DeployResult.Decision decision, Optional<Manifest> manifest) {

    static Deployment unchanged(Manifest existing) {
        return new Deployment(
                new DeployResult.Accepted(existing.name(), existing.version(), existing.digest(), true),
                Optional.empty());
    }

    static Deployment of(Manifest manifest) {
        return new Deployment(
                new DeployResult.Accepted(manifest.name(), manifest.version(), manifest.digest(), false),
                Optional.of(manifest));
    }

    static Deployment rejected(Refused reason) {
        return new Deployment(reason.decision(), Optional.empty());
    }
}
