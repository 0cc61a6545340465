package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The way of an answer that does not fit one record, or whose client shall not wait for its end: nothing of it stays here.
 * Counts it, and waits as an interrupted guest does. Confined to the run's thread.
 */
final class PassedAnswer {
    private static final int AT_ONCE = 64 << 10;

    /** Who writes for longer is slow enough to be passed on by parts. */
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final String EVENTS = "text/event-stream";

    private final LargeAnswer to;
    private final int limit;
    private boolean begun;
    private boolean written;
    private long firstNanos;
    private long size;
    private byte[] between = {};

    /**
     * @param limit bytes of the whole answer, header included
     */
    PassedAnswer(LargeAnswer to, int limit) {
        this.to = to;
        this.limit = limit;
    }

    boolean begun() {
        return begun;
    }

    /** Whether it may begin before it has to. */
    boolean mayBeginEarly() {
        return !to.equals(LargeAnswer.NONE);
    }

    /** Whether the guest, which writes again, began to write so long ago that its client should not wait for the end. */
    boolean isSlow() {
        var now = System.nanoTime();
        if (!written) {
            written = true;
            firstNanos = now;
        }
        return now - firstNanos > SLOW_NANOS;
    }

    /** Whether each part is of use alone (HTML Living Standard, section 9.2). */
    static boolean isOfEvents(String contentType) {
        return contentType.regionMatches(true, 0, EVENTS, 0, EVENTS.length());
    }

    /**
     * @throws AnswerTooLarge when the function may not answer more than a record
     */
    void overflow() {
        if (limit <= Reply.MAX_BYTES) {
            throw new AnswerTooLarge();
        }
    }

    /**
     * @param headerBytes that count beside the body's
     */
    void begin(int status, List<Header> headers, int headerBytes) {
        to.begin(status, headers);
        begun = true;
        size = headerBytes;
    }

    /**
     * @throws AnswerTooLarge when the answer passes its limit
     */
    void write(byte[] bytes, int from, int length) {
        if (length == 0) {
            return;
        }
        size += length;
        if (size > limit) {
            throw new AnswerTooLarge();
        }
        try {
            to.write(bytes, from, length);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * Takes bytes out of the guest's memory.
     *
     * @param length unsigned
     * @throws AnswerTooLarge when the answer passes its limit
     */
    void write(LinearMemory memory, int address, int length) {
        if (between.length == 0) {
            between = new byte[AT_ONCE];
        }
        for (var left = Integer.toUnsignedLong(length); left > 0; ) {
            var taken = (int) Math.min(left, AT_ONCE);
            var from = address + (int) (Integer.toUnsignedLong(length) - left);
            memory.read(from, between, 0, taken);
            write(between, 0, taken);
            left -= taken;
        }
    }

    Reply.Outcome end() {
        try {
            return to.end();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static ChicoryInterruptedException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ChicoryInterruptedException(e);
    }
}
