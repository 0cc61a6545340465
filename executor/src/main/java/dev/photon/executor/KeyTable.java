package dev.photon.executor;

import dev.photon.protocol.CallKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the answers to calls with keys lie on one partition, by the first half of the key's hash. Of several with one key
 * the first counts, until its time is over. A key takes 32 bytes in a table that is at most half full. Thread-safe.
 */
final class KeyTable {
    private static final int FIRST_SLOTS = 1 << 10;
    private static final int HALF_DIGITS = 16;
    private static final int HEXADECIMAL = 16;
    private static final int NONE = 0;

    private final long keptSeconds;
    private long[] high = new long[FIRST_SLOTS];
    private long[] low = new long[FIRST_SLOTS];
    private long[] offsets = new long[FIRST_SLOTS];
    /** Since 1970, unsigned; {@link #NONE} where there is nothing. */
    private int[] seconds = new int[FIRST_SLOTS];

    private int[] functions = new int[FIRST_SLOTS];
    /** By {@link CallKey#function}. */
    private final Map<Integer, Integer> sizes = new HashMap<>();

    private int size;

    KeyTable(Duration kept) {
        this.keptSeconds = kept.toSeconds();
    }

    synchronized int size() {
        return size;
    }

    /** How many keys are a function's. */
    synchronized int size(int function) {
        return sizes.getOrDefault(function, 0);
    }

    /** The offset of the answer, if it is not too old to be given. */
    synchronized Optional<Long> find(String hash, long nowMillis) {
        var slot = slot(half(hash, 0), half(hash, HALF_DIGITS));
        return seconds[slot] == NONE || isOver(slot, nowMillis / 1_000) ? Optional.empty() : Optional.of(offsets[slot]);
    }

    /** The offset of the answer that counts, however old it is. */
    synchronized Optional<Long> first(String hash) {
        var slot = slot(half(hash, 0), half(hash, HALF_DIGITS));
        return seconds[slot] == NONE ? Optional.empty() : Optional.of(offsets[slot]);
    }

    /** Takes note of an answer, unless there is another that counts. */
    synchronized void add(String hash, long offset, long storedMillis) {
        if (size >= seconds.length / 2) {
            rebuild(storedMillis / 1_000, 0);
        }
        add(half(hash, 0), half(hash, HALF_DIGITS), CallKey.function(hash), offset, storedMillis / 1_000);
    }

    /**
     * Forgets what is too old to be given, or is not there any more.
     *
     * @param start the offset at which the log begins
     */
    synchronized void forgetOld(long nowMillis, long start) {
        rebuild(nowMillis / 1_000, start);
    }

    private void add(long first, long second, int function, long offset, long stored) {
        var slot = slot(first, second);
        if (seconds[slot] == NONE) {
            size++;
            sizes.merge(function, 1, Integer::sum);
        } else if (!isOver(slot, stored)) {
            return;
        }
        high[slot] = first;
        low[slot] = second;
        offsets[slot] = offset;
        functions[slot] = function;
        seconds[slot] = (int) stored;
    }

    private boolean isOver(int slot, long nowSeconds) {
        return Integer.toUnsignedLong(seconds[slot]) + keptSeconds < nowSeconds;
    }

    /** That of the key, or the empty one where it would be. */
    private int slot(long first, long second) {
        var mask = seconds.length - 1;
        var slot = Long.hashCode(first) & mask;
        while (seconds[slot] != NONE && (high[slot] != first || low[slot] != second)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void rebuild(long nowSeconds, long start) {
        var before = new long[][] {high, low, offsets};
        var owners = functions;
        var times = seconds;
        var left = 0;
        for (int slot = 0; slot < times.length; slot++) {
            if (times[slot] != NONE && !isOver(slot, nowSeconds) && offsets[slot] >= start) {
                left++;
            }
        }
        var slots = FIRST_SLOTS;
        while (slots < 4L * left) {
            slots *= 2;
        }
        high = new long[slots];
        low = new long[slots];
        offsets = new long[slots];
        seconds = new int[slots];
        functions = new int[slots];
        size = 0;
        sizes.clear();
        for (int slot = 0; slot < times.length; slot++) {
            var stored = Integer.toUnsignedLong(times[slot]);
            if (times[slot] != NONE && stored + keptSeconds >= nowSeconds && before[2][slot] >= start) {
                add(before[0][slot], before[1][slot], owners[slot], before[2][slot], stored);
            }
        }
    }

    private static long half(String hash, int from) {
        return Long.parseUnsignedLong(hash, from, from + HALF_DIGITS, HEXADECIMAL);
    }
}
