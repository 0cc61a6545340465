package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The memory that all guests of a process share: at most a budget is in use, what lies idle for the next instance
 * included, and what guests make the process keep beside their memories. A block comes back scrubbed, so that nobody sees
 * what another has written. Thread-safe.
 */
final class MemoryPool {
    /** Of the budget, so much may lie idle. */
    private static final int IDLE_PART = 4;

    private final int budget;
    // Both counted in pages. Fair among those who wait.
    private final Semaphore free;
    private final AtomicInteger waiting = new AtomicInteger();
    private final int mostIdle;
    private final AtomicInteger idlePages = new AtomicInteger();
    private final Map<Integer, Deque<MemoryBlock>> idle = new ConcurrentHashMap<>();
    /** Held weakly: a function that is gone takes its pool along. */
    private final Set<Idle> others = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** What lies idle elsewhere. */
    interface Idle {
        /** Gives back all of it that is not in use. Memory is short. */
        void drop();
    }

    /**
     * @param bytes the budget; what is less than a page of it is not used
     */
    MemoryPool(long bytes) {
        budget = (int) Math.min(Integer.MAX_VALUE, bytes / Memory.PAGE_SIZE);
        free = new Semaphore(budget, true);
        mostIdle = budget / IDLE_PART;
    }

    /**
     * A memory of zeros, which the caller closes.
     *
     * @param waitMillis how long to wait for others to give back theirs
     * @throws MemoryFull when the budget still has no room then, and at once when it never has
     * @throws ChicoryInterruptedException while waiting; the thread's flag stays set
     */
    LinearMemory memory(MemoryLimits limits, long waitMillis) {
        // An instance without a memory takes something, too.
        var pages = Math.max(1, limits.initialPages());
        var capacity = MemoryBlock.capacity(pages);
        var block = take(pages, 0).or(() -> capacity > budget ? Optional.empty() : await(capacity, waitMillis));
        return new LinearMemory(limits, this, block.orElseThrow(MemoryFull::new));
    }

    private Optional<MemoryBlock> await(int capacity, long millis) {
        // Counted before idle blocks are dropped: who gives back one from here on does not let it lie idle.
        waiting.incrementAndGet();
        try {
            dropIdle();
            return free.tryAcquire(capacity, millis, TimeUnit.MILLISECONDS) ? allocate(capacity) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChicoryInterruptedException("interrupted while waiting for memory");
        } finally {
            waiting.decrementAndGet();
        }
    }

    /**
     * A block of zeros with room for so many pages, or empty when the budget has none now.
     *
     * @param held pages that who asks has, and keeps until it has these
     */
    Optional<MemoryBlock> take(int pages, int held) {
        var capacity = MemoryBlock.capacity(pages);
        var block = idle(capacity).pollFirst();
        if (block != null) {
            idlePages.addAndGet(-capacity);
            return Optional.of(block);
        }
        return reserve(capacity, held) ? allocate(capacity) : Optional.empty();
    }

    private Deque<MemoryBlock> idle(int capacity) {
        return idle.computeIfAbsent(capacity, absent -> new ConcurrentLinkedDeque<>());
    }

    /** A heap without room for a block that the budget allows is full of other things: then the budget was too large. */
    private Optional<MemoryBlock> allocate(int capacity) {
        try {
            return Optional.of(MemoryBlock.of(capacity));
        } catch (OutOfMemoryError e) {
            free.release(capacity);
            return Optional.empty();
        }
    }

    /**
     * A block of zeros in place of a larger one, which nothing refers to any more.
     *
     * @param larger the pages of that
     * @throws MemoryFull when the heap has no room; the larger one is given back all the same
     */
    MemoryBlock exchange(int larger, int pages) {
        var kept = MemoryBlock.capacity(Math.max(1, pages));
        free.release(larger - kept);
        return allocate(kept).orElseThrow(MemoryFull::new);
    }

    /** Takes back a block that nobody uses any more. */
    void give(MemoryBlock block) {
        var capacity = block.pages();
        if (isAwaited() || !mayLieIdle(capacity)) {
            free.release(capacity);
            return;
        }
        block.scrub();
        idle(capacity).addFirst(block);
        // Who has begun to wait meanwhile did not see it.
        if (isAwaited()) {
            dropIdle();
        }
    }

    private boolean mayLieIdle(int pages) {
        if (idlePages.addAndGet(pages) <= mostIdle) {
            return true;
        }
        idlePages.addAndGet(-pages);
        return false;
    }

    /**
     * Counts pages as used, for which what lies idle goes unless they would not fit then either. Given back by
     * {@link #release}.
     *
     * @param held pages that who asks has beside these
     * @return false when the budget has no room for them now
     */
    boolean reserve(int pages, int held) {
        if (free.tryAcquire(pages)) {
            return true;
        }
        if (pages > budget - held) {
            return false;
        }
        dropIdle();
        return free.tryAcquire(pages);
    }

    /** The same while there is room for others, for whom it can go again. */
    boolean reserveSpare(int pages) {
        return hasRoom(pages) && free.tryAcquire(pages);
    }

    void release(int pages) {
        free.release(pages);
    }

    /** Names what may be dropped when memory is short. */
    void mayDrop(Idle other) {
        others.add(other);
    }

    /** Cheap, also for an event loop: nothing is cleared that nobody will use. */
    private void dropIdle() {
        waiting.incrementAndGet();
        try {
            List.copyOf(others).forEach(Idle::drop);
            for (var blocks : idle.values()) {
                for (var block = blocks.pollFirst(); block != null; block = blocks.pollFirst()) {
                    idlePages.addAndGet(-block.pages());
                    free.release(block.pages());
                }
            }
        } finally {
            waiting.decrementAndGet();
        }
    }

    /** Bytes of the budget that are neither used nor kept for the next run. */
    long freeBytes() {
        return (long) free.availablePermits() * Memory.PAGE_SIZE;
    }

    /** Whether there is room for so many pages beside what is in use, and a part for those who need some next. */
    boolean hasRoom(int pages) {
        return !isAwaited() && free.availablePermits() >= MemoryBlock.capacity(pages) + mostIdle;
    }

    /** Whether somebody waits for memory. */
    boolean isAwaited() {
        return waiting.get() > 0;
    }
}
