package dev.photon.protocol;

/**
 * The wish to deploy one version of a function, as it stands on {@code photon.deployments}.
 *
 * @param deploymentId matches the command to its {@link DeployResult}
 * @param name what the publisher says the function is called; the configuration file has the last word
 * @param toml the text of {@code photoniq.toml}
 */
public record DeployCommand(String deploymentId, String name, String toml, Content content) {

    /** Where the module's bytes are. */
    public sealed interface Content {

        /** In the command's own record. Not copied, so not to be changed. */
        record Inline(byte[] bytes) implements Content {}

        /**
         * As chunks on {@code photon.uploads}, written before the command.
         *
         * @param id the upload's id: chunk n has the key {@code <id>/<n>}
         * @param partition the one partition that holds them
         * @param firstOffset at or before the first chunk
         * @param chunks how many, at least 1
         * @param size of all together, in bytes
         * @param digest of all together
         */
        record Uploaded(String id, int partition, long firstOffset, int chunks, long size, Digest digest)
                implements Content {}
    }
}
