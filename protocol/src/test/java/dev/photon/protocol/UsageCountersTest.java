package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UsageCountersTest {
    private final UsageCounters counters = new UsageCounters();

    @Test
    void aStatusOf500OrMoreIsAnError() {
        counters.count("f", 200, 1, 2);
        counters.count("f", 499, 1, 2);
        counters.count("f", 500, 1, 2);
        counters.count("f", 504, 1, 0);

        assertThat(counters.totals()).containsOnlyKeys("f").containsEntry("f", new UsageTotals(4, 2, 4, 6));
    }

    @Test
    void losesNothingWhenManyCountAtOnce() {
        var threads = 8;
        var calls = 20_000;
        try (var workers = Executors.newFixedThreadPool(threads)) {
            IntStream.range(0, threads)
                    .forEach(worker -> workers.execute(() -> {
                        for (int call = 0; call < calls; call++) {
                            counters.count("f" + call % 2, call % 4 == 0 ? 500 : 200, 3, 5);
                        }
                    }));
        }

        var ofEach = threads * calls / 2;
        assertThat(counters.totals())
                .containsEntry("f0", new UsageTotals(ofEach, ofEach / 2, 3L * ofEach, 5L * ofEach))
                .containsEntry("f1", new UsageTotals(ofEach, 0, 3L * ofEach, 5L * ofEach));
    }
}
