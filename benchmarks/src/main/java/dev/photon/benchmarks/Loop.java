package dev.photon.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/** Repeats a task on some threads and takes the time of each repetition. */
final class Loop {
    /** Takes what tasks compute, so that the compiler cannot leave the computing out. */
    static volatile long sink;

    private final LongSupplier task;

    Loop(LongSupplier task) {
        this.task = task;
    }

    /** Warms up, then measures on each number of threads and prints the levels. */
    void run(Pace pace, List<Integer> threads) throws InterruptedException, ExecutionException {
        measure(1, pace.warmUp());
        for (var count : threads) {
            measure(count, Pace.SETTLE);
            System.out.println(measure(count, pace.measured()).line());
        }
    }

    private Level measure(int threads, int seconds) throws InterruptedException, ExecutionException {
        try (var pool = Executors.newFixedThreadPool(threads)) {
            var began = System.nanoTime();
            var tasks = new ArrayList<Callable<Samples>>();
            for (int i = 0; i < threads; i++) {
                tasks.add(() -> repeat(began + Pace.nanos(seconds)));
            }
            var all = new Samples();
            for (var done : pool.invokeAll(tasks)) {
                all.addAll(done.get());
            }
            return all.level(threads, System.nanoTime() - began);
        }
    }

    private Samples repeat(long until) {
        var samples = new Samples();
        long result = 0;
        for (long before = System.nanoTime(); before < until; ) {
            result += task.getAsLong();
            var after = System.nanoTime();
            samples.add(after - before);
            before = after;
        }
        sink = result;
        return samples;
    }
}
