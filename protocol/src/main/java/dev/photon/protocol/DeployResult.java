package dev.photon.protocol;

/**
 * What the registry decided about a deployment.
 *
 * @param deploymentId of the {@link DeployCommand}
 */
public record DeployResult(String deploymentId, Decision decision) {

    public sealed interface Decision {}

    /**
     * The version is there.
     *
     * @param unchanged true when it had been there before, with the same content
     */
    public record Accepted(String name, String version, Digest digest, boolean unchanged) implements Decision {}

    /**
     * Nothing changed.
     *
     * @param reason one sentence that tells what to do
     */
    public record Rejected(ErrorKind kind, String reason) implements Decision {}
}
