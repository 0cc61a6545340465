package dev.photon.benchmarks;

/**
 * A figure beside what is asked of it.
 *
 * @param mark a comparison and a number, such as {@code >= 2.5}
 */
record Ratio(String name, double value, String mark, boolean met) {}
