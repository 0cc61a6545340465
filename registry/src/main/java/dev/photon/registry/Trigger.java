package dev.photon.registry;

/**
 * A function that runs for the records of a topic.
 *
 * @param manifest of the latest version, which is the one to run
 * @param rule what it says about the topic
 * @param position where the region is
 */
public record Trigger(Manifest manifest, TriggerRule rule, TriggerPosition position) {}
