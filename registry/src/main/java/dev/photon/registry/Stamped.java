package dev.photon.registry;

/**
 * A state as a record has it.
 *
 * @param origin the region that wrote it; empty for records from before there were several
 */
record Stamped(State state, String origin, Stamp stamp) {}
