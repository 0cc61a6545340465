/** An Apache Kafka broker inside this process, for a laptop and for tests. */
package dev.photon.cli.broker;
