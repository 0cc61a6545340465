/**
 * The nouns of the pipeline and their form as Kafka records.
 *
 * <p>What enters is a typed value (an {@link dev.photon.protocol.Invocation}, a {@link dev.photon.protocol.Reply}, a
 * deployment); what leaves is a CloudEvents 1.0 record in Kafka's binary content mode, and the other way round.
 * Decoding is total: whatever bytes stand on a topic, the answer is a {@link dev.photon.protocol.Decoded}, never an
 * exception. Everything here is immutable and may be used from any thread; {@code README.md} of this module documents
 * every header.
 */
package dev.photon.protocol;
