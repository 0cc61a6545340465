package dev.photon.k8s;

/**
 * A request that has ended.
 *
 * @param body what was sent, by no other request
 * @param sent when, in nanoseconds on {@link System#nanoTime}'s clock
 * @param ended when, on the same clock
 */
record Call(String body, String ingress, long sent, long ended, Heard heard) {}
