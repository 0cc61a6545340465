/**
 * What is counted becomes meters, as few as tell an operator something: for each version of a function that is called,
 * up to a limit; for the Kafka clients of a process; and for its JVM.
 *
 * <p>Names are Micrometer's, with dots; Prometheus sees {@code photon.executor.runs} as {@code
 * photon_executor_runs_seconds}. Meters of one name have the same labels everywhere, or Prometheus would take only the
 * first of them.
 */
package dev.photon.metrics;
