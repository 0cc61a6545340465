package dev.photon.executor;

import dev.photon.protocol.FinishedRanges;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/**
 * What of one partition is finished, and thus how far may be committed. Records run side by side and end in any order:
 *
 * <pre>
 *   offset     4  5  6  7  8  9 10 11 12
 *              ■  ■  □  ■     ■  □  ■      ■ finished  □ unfinished    8 does not exist
 *                    ▲     └──┴─┘   ▲ └─ next
 *                    committable() = 6     metadata() tells of 7 to 9 and of 11
 * </pre>
 *
 * <p>Offsets that do not exist (compaction, transaction markers) count as finished once a later one has begun, or the
 * consumer has moved over them. Only the unfinished ones are kept, so its size is that of the window. Synchronized: the owner of the partition begins and
 * commits, the producer's thread finishes.
 */
final class OffsetTracker {
    private final TreeSet<Long> unfinished = new TreeSet<>();
    /** What an owner before us had finished, as far as it lies behind what has begun. */
    private final Deque<FinishedRanges.Range> restored;

    private long next;

    private OffsetTracker(long committed, FinishedRanges restored) {
        this.restored = new ArrayDeque<>(restored.ranges());
        next = committed;
    }

    /**
     * A tracker that goes on where another left off.
     *
     * @param committed the offset to begin with, not negative
     * @param metadata what {@link #metadata} gave when that offset was committed; anything else counts as nothing
     */
    static OffsetTracker restored(long committed, String metadata) {
        return restored(committed, FinishedRanges.decode(committed, metadata));
    }

    /** The same, when it is known what was finished behind that offset. */
    static OffsetTracker restored(long committed, FinishedRanges finished) {
        return new OffsetTracker(committed, finished);
    }

    /** Whether the offset is too small to {@link #begin}. */
    synchronized boolean hasPassed(long offset) {
        return offset < next;
    }

    /**
     * Takes note that a record has arrived.
     *
     * @param offset larger than that of every call before, and not smaller than the committed one
     * @return whether it is to be run; false when it was finished before this tracker was restored
     * @throws IllegalArgumentException when the offset is too small
     */
    synchronized boolean begin(long offset) {
        if (hasPassed(offset)) {
            throw new IllegalArgumentException("offset %d came when %d was next".formatted(offset, next));
        }
        next = offset + 1;
        while (!restored.isEmpty() && restored.getFirst().to() <= offset) {
            restored.removeFirst();
        }
        return (restored.isEmpty() || !restored.getFirst().contains(offset)) && unfinished.add(offset);
    }

    /**
     * Takes note that whatever comes from now on is at this offset or beyond, so that the rest until there is no work:
     * markers of transactions, aborted records, what is deleted already. Has no effect when it is not further than before.
     */
    synchronized void moveTo(long offset) {
        next = Math.max(next, offset);
        while (!restored.isEmpty() && restored.getFirst().to() <= next) {
            restored.removeFirst();
        }
    }

    /** Takes note that a record's outcome is safe. Has no effect on an offset that is not unfinished. */
    synchronized void finish(long offset) {
        unfinished.remove(offset);
    }

    /** The offset before which everything is finished: the one to commit. Never goes back. */
    synchronized long committable() {
        return unfinished.isEmpty() ? next : unfinished.first();
    }

    /** What {@link #committable} would be if those were finished, too. They are asked about in rising order. */
    synchronized long committableBeyond(LongPredicate also) {
        for (var offset : unfinished) {
            if (!also.test(offset)) {
                return offset;
            }
        }
        return next;
    }

    /** The offset after all that has begun. */
    synchronized long next() {
        return next;
    }

    /** How many have begun and are not finished. */
    synchronized int unfinished() {
        return unfinished.size();
    }

    /** What is finished behind {@link #committable}, as text for the commit's metadata; at most 4,096 bytes of ASCII. */
    synchronized String metadata() {
        return finished().encode(committable());
    }

    /** What is finished behind {@link #committable}. */
    synchronized FinishedRanges finished() {
        var ranges = new ArrayList<FinishedRanges.Range>();
        var position = committable();
        for (var offset : unfinished) {
            if (offset > position) {
                ranges.add(new FinishedRanges.Range(position, offset));
            }
            position = offset + 1;
        }
        if (next > position) {
            ranges.add(new FinishedRanges.Range(position, next));
        }
        for (var range : restored) {
            if (range.to() > next) {
                ranges.add(new FinishedRanges.Range(Math.max(next, range.from()), range.to()));
            }
        }
        return new FinishedRanges(ranges);
    }
}
