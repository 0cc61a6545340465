package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InvocationIdsTest {
    private static final int THREADS = 8;
    private static final int EACH = 20_000;

    @Test
    void anIdIs32LowerCaseHexadecimalDigits() {
        assertThat(InvocationIds.next()).matches("[0-9a-f]{32}");
    }

    @Test
    void noTwoIdsAreTheSameWhicheverThreadsMakeThem() throws Exception {
        Set<String> ids = ConcurrentHashMap.newKeySet();
        Callable<Void> maker = () -> {
            ids.addAll(
                    IntStream.range(0, EACH).mapToObj(i -> InvocationIds.next()).toList());
            return null;
        };
        var makers = new ArrayList<Callable<Void>>();
        for (int i = 0; i < THREADS; i++) {
            makers.add(maker);
        }

        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            for (var done : threads.invokeAll(makers)) {
                done.get();
            }
        }

        assertThat(ids).hasSize(THREADS * EACH);
    }
}
