package dev.photon.benchmarks;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A program in {@code kernels/} that times its rounds by its own clock, so that it is measured alike wherever it runs.
 *
 * @param sum what each round computes
 */
record Kernel(String name, long sum) {
    static final List<Kernel> ALL = List.of(
            new Kernel("json", 2081981864L),
            new Kernel("mandelbrot", 2622333219L),
            new Kernel("matrix", 1534783L),
            new Kernel("regex", 2207498742L),
            new Kernel("sha256", 471184948L),
            new Kernel("sieve", 148933L));

    /** Rounds that are looked at together. */
    private static final int SPELL = 10;

    private static final String WORD = "round";

    /**
     * The best that was kept up: the least median of ten rounds in a row.
     *
     * @param lines what the kernel printed
     * @return milliseconds
     * @throws IOException when it computed something else, or too little
     */
    double millis(List<String> lines) throws IOException {
        var rounds = lines.stream()
                .map(line -> line.split(" ", -1))
                .filter(words -> words.length == 3 && words[0].equals(WORD))
                .toList();
        if (rounds.size() < SPELL || rounds.stream().anyMatch(words -> Long.parseLong(words[2]) != sum)) {
            throw new IOException(String.format(
                    Locale.ROOT, "%s did %d rounds, and should do %d that give %d", name, rounds.size(), SPELL, sum));
        }
        var nanos = rounds.stream().mapToLong(words -> Long.parseLong(words[1])).toArray();
        var best = Double.POSITIVE_INFINITY;
        for (int from = 0; from + SPELL <= nanos.length; from += SPELL) {
            var spell = Arrays.stream(nanos, from, from + SPELL).sorted().toArray();
            best = Math.min(best, (spell[SPELL / 2 - 1] + spell[SPELL / 2]) / 2.0);
        }
        return best / 1e6;
    }
}
