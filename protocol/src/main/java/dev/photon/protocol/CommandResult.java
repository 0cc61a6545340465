package dev.photon.protocol;

import java.util.Optional;

/**
 * What the registry decided about a command.
 *
 * @param commandId of the {@link Command}
 */
public record CommandResult(String commandId, Decision decision) {

    public sealed interface Decision {}

    /**
     * It is as wished.
     *
     * @param version that was deployed; empty for other changes
     * @param digest of the version that was deployed
     * @param unchanged true when it had been so before
     * @param view the position of {@code photon.functions} from which on a view knows
     * @param warning what has no effect, or will be slow
     */
    public record Accepted(
            String function,
            Optional<String> version,
            Optional<Digest> digest,
            boolean unchanged,
            long view,
            Optional<String> warning)
            implements Decision {}

    /**
     * Nothing changed.
     *
     * @param reason one sentence that tells what to do
     */
    public record Rejected(ErrorKind kind, String reason) implements Decision {}
}
