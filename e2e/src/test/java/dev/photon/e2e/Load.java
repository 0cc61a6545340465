package dev.photon.e2e;

import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** So many calls, so many at once. */
final class Load {
    interface Call {
        void run(int index) throws Exception;
    }

    private Load() {}

    /** Returns when all calls have returned; the first failure is thrown. */
    static void run(int concurrency, int calls, Call call) throws Exception {
        var next = new AtomicInteger();
        try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = IntStream.range(0, concurrency)
                    .mapToObj(worker -> workers.submit(() -> {
                        for (int index = next.getAndIncrement(); index < calls; index = next.getAndIncrement()) {
                            call.run(index);
                        }
                        return null;
                    }))
                    .toList();
            for (var worker : running) {
                worker.get();
            }
        }
    }
}
