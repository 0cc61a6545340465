package dev.photon.executor.wasm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many threads each function may hold: no more than are left, so that one that takes all it can leaves half, a
 * second a third, and the next always finds some (the dynamic thresholds of Choudhury and Hahne, 1998, with a factor
 * of 1). A function's first thread is never refused. Tasks that must wait are kept here, without a thread. Thread-safe.
 */
final class Shares {
    private static final class Share {
        private final Deque<Runnable> waiting = new ArrayDeque<>();
        private int held;
    }

    private final int threads;
    private final Map<String, Share> shares = new HashMap<>();
    private int held;

    /**
     * @param threads how many there are to share, at least 1
     */
    Shares(int threads) {
        this.threads = threads;
    }

    /** Returns what the function may run now on one more thread: of all its tasks the oldest, this one included. */
    synchronized Optional<Runnable> acquire(String function, Runnable task) {
        var share = shares.computeIfAbsent(function, name -> new Share());
        share.waiting.add(task);
        return mayHoldMore(share) ? Optional.of(hold(share)) : Optional.empty();
    }

    /** Gives back one of the function's threads. Returns its tasks that may go on, each with a thread acquired for it. */
    synchronized List<Runnable> release(String function) {
        var share = shares.get(function);
        share.held--;
        held--;
        var next = new ArrayList<Runnable>(0);
        while (!share.waiting.isEmpty() && mayHoldMore(share)) {
            next.add(hold(share));
        }
        // Nothing waits then: a function that holds none may hold one.
        if (share.held == 0) {
            shares.remove(function);
        }
        return next;
    }

    private boolean mayHoldMore(Share share) {
        return share.held == 0 || share.held < threads - held;
    }

    private Runnable hold(Share share) {
        share.held++;
        held++;
        return share.waiting.remove();
    }
}
