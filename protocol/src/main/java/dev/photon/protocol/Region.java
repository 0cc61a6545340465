package dev.photon.protocol;

import java.net.URI;

/**
 * Another region, as this one reaches it.
 *
 * @param kafka its brokers
 * @param url where its functions are called, {@code http} or {@code https}, without a path
 */
public record Region(String name, KafkaConnection kafka, URI url) {}
