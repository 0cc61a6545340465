package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes behind linear memories, one after the other. All of them are zero except in cards, of 4 KiB each, that are
 * marked as written, and in the first seven bytes behind those: a store of eight bytes marks only where it begins.
 *
 * @param bytes at most {@link Memory#RUNTIME_MAX_PAGES} pages
 * @param written a byte for each card, not zero when it is marked
 */
@SuppressWarnings("ArrayRecordComponent") // Two blocks are never compared.
record MemoryBlock(byte[] bytes, byte[] written) {
    static final int CARD_SHIFT = 12;

    private static final VarHandle EIGHT_CARDS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int OVERHANG = Long.BYTES - 1;
    /** How many sizes there are between a power of two and the next. */
    private static final int SIZES = 4;

    /** A new one with room for so many pages, and up to a quarter more. */
    static MemoryBlock of(int pages) {
        var size = capacity(pages) * Memory.PAGE_SIZE;
        return new MemoryBlock(new byte[size], new byte[size >>> CARD_SHIFT]);
    }

    int pages() {
        return bytes.length / Memory.PAGE_SIZE;
    }

    /** The pages in the smallest block that has room for so many. */
    static int capacity(int pages) {
        var step = Math.max(1, Integer.highestOneBit(Math.max(1, pages - 1)) / SIZES);
        return Math.min((pages + step - 1) / step * step, Memory.RUNTIME_MAX_PAGES);
    }

    void mark(int from, int length) {
        if (length > 0) {
            Arrays.fill(written, from >>> CARD_SHIFT, ((from + length - 1) >>> CARD_SHIFT) + 1, (byte) 1);
        }
    }

    /** Takes over another's first bytes, and its marks. This one is new, and not smaller. */
    void copyOf(MemoryBlock other, int length) {
        System.arraycopy(other.bytes, 0, bytes, 0, length);
        System.arraycopy(other.written, 0, written, 0, other.written.length);
    }

    /** Whether there may be something else than zeros in a card. */
    boolean mayHold(int card) {
        return written[card] != 0 || (card > 0 && written[card - 1] != 0);
    }

    /** Makes all bytes zero again, at the price of those that were written. */
    void scrub() {
        for (int eight = 0; eight < written.length; eight += Long.BYTES) {
            if ((long) EIGHT_CARDS.get(written, eight) != 0) {
                for (int card = eight; card < eight + Long.BYTES; card++) {
                    scrub(card);
                }
            }
        }
    }

    private void scrub(int card) {
        if (written[card] != 0) {
            var from = card << CARD_SHIFT;
            Arrays.fill(bytes, from, (int) Math.min(bytes.length, from + (1L << CARD_SHIFT) + OVERHANG), (byte) 0);
            written[card] = 0;
        }
    }
}
