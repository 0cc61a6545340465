package dev.photon.registry;

/**
 * What an operator last wished of a region. Immutable.
 *
 * @param region its name
 * @param draining whether new calls are to go to other regions, as far as those can answer them
 * @param by who wished it
 * @param since milliseconds since 1970-01-01T00:00Z, by the clock of the registry that decided
 */
public record RegionState(String region, boolean draining, String by, long since) {}
