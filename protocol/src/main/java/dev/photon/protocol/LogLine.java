package dev.photon.protocol;

/**
 * One line of a function's log.
 *
 * @param id unique
 * @param timestamp milliseconds since 1970-01-01T00:00Z, by the executor's clock, when the run ended
 * @param executionId of the invocation that wrote it
 * @param instance the executor
 */
public record LogLine(
        String id,
        long timestamp,
        String executionId,
        String function,
        String version,
        LogLevel level,
        String region,
        String instance,
        String message) {}
