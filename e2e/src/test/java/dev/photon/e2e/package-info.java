/**
 * The whole system: every test starts roles on a real broker through {@link dev.photon.e2e.PhotonTester}, and talks to
 * it as a user does, over HTTP and Kafka.
 */
package dev.photon.e2e;
