package dev.photon.protocol;

import java.util.Optional;

/**
 * The wish to change a region's functions, as it stands on {@code photon.deployments}.
 *
 * @param id matches the command to its {@link CommandResult}
 * @param by who wishes it, for the function's history; what the publisher says, so worth as much as the topic's ACL
 */
public record Command(String id, String by, Change change) {
    /** What a publisher is called that does not say who it is. */
    public static final String BY_KAFKA = "kafka";

    public sealed interface Change {}

    /**
     * A new version.
     *
     * @param name what the publisher says the function is called, or empty; the configuration file has the last word
     * @param toml the text of {@code photoniq.toml}
     * @param module empty for a site without a function
     * @param assets a zip archive of static files
     */
    public record Deploy(String name, String toml, Optional<Content> module, Optional<Content.Uploaded> assets)
            implements Change {}

    /**
     * An end.
     *
     * @param version the one to delete; empty for all of them, and the aliases
     * @param force whether aliases that use the version lose it, instead of keeping it alive
     */
    public record Delete(String function, Optional<String> version, boolean force) implements Change {}

    /**
     * What an alias stands for from now on.
     *
     * @param targets JSON: an array of {@code {"version": …, "weight": …}}. Not copied, so not to be changed
     */
    public record SetAlias(String function, String alias, byte[] targets) implements Change {}

    public record DeleteAlias(String function, String alias) implements Change {}

    /**
     * A key of the REST API.
     *
     * @param description JSON: {@code {"label": …, "roles": […], "hash": "sha256:…"}}. Not copied, so not to be changed
     */
    public record SetKey(String id, byte[] description) implements Change {}

    public record RevokeKey(String id) implements Change {}

    /**
     * A value for functions alone.
     *
     * @param sealed by whoever sends the command, not empty. Not copied, so not to be changed
     */
    public record SetSecret(String name, byte[] sealed) implements Change {}

    /**
     * @param force also when versions use it
     */
    public record DeleteSecret(String name, boolean force) implements Change {}

    /**
     * What publishers may do through an entry topic from now on.
     *
     * @param description JSON. Not copied, so not to be changed
     */
    public record SetEntry(String name, byte[] description) implements Change {}

    /**
     * Publishers cannot call anything through it any more.
     *
     * @param purge whether the topic goes, too, with what stands in it
     */
    public record DeleteEntry(String name, boolean purge) implements Change {}

    /** New calls go to other regions than this one, as far as others can answer them. */
    public record Drain(String region) implements Change {}

    /** The region is one like the others again. */
    public record Undrain(String region) implements Change {}

    /** Content that was deployed in another region, and is needed here. */
    public record Place(Content.Uploaded content) implements Change {}

    /** What a region does with a topic of a function's trigger. Another region goes on as before. */
    public sealed interface TriggerChange extends Change {
        String function();

        String topic();
    }

    /** Nothing more of the topic is read. */
    public record PauseTrigger(String function, String topic) implements TriggerChange {}

    /** The topic is read on. */
    public record ResumeTrigger(String function, String topic) implements TriggerChange {}

    /**
     * The topic is read from another place on.
     *
     * @param to {@code earliest}, {@code latest}, a time, or JSON: the offset by partition. Not copied, so not to be
     *     changed
     */
    public record SeekTrigger(String function, String topic, byte[] to) implements TriggerChange {}

    /** Where bytes of a deployment are. */
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
