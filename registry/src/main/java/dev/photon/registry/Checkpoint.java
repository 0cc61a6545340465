package dev.photon.registry;

/**
 * How far a copy of a region's functions goes, as it stands among them: one transaction writes both.
 *
 * @param topicId of the copied topic; another one means that the topic was created anew
 * @param offset the next to be copied, at least 0
 * @param leaderEpoch of the last record copied, at least -1 for none
 */
public record Checkpoint(String topicId, long offset, int leaderEpoch) {}
