/**
 * Keeps the functions of a region in Kafka.
 *
 * <p>What enters is a {@link dev.photon.protocol.Command}; what leaves is state on {@code photon.functions}, a new
 * version's module in chunks on {@code photon.artifacts}, and a {@link dev.photon.protocol.CommandResult}. One {@link dev.photon.registry.Registry} of a region is active, decides on
 * its own thread, one Kafka transaction for each decision. Every role reads the outcome through a {@link
 * dev.photon.registry.FunctionView} and fetches modules through an {@link dev.photon.registry.ArtifactStore}.
 */
package dev.photon.registry;
