package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.Memory;
import java.util.Arrays;
import java.util.Optional;

/** What a memory held at one moment, card by card. Immutable: images share the cards that are the same in both. */
@SuppressWarnings("ReferenceEquality") // Of cards: whether they are shared.
final class MemoryImage {
    static final MemoryImage NOTHING = new MemoryImage(new byte[0][]);

    private static final int CARD = 1 << MemoryBlock.CARD_SHIFT;
    private static final int CARDS_PER_PAGE = Memory.PAGE_SIZE / CARD;
    /** Of an array, and of a place that holds one: the most that a JVM takes. */
    private static final int HEADER = 24;

    private static final int REFERENCE = 8;
    private static final byte[] ZEROS = new byte[CARD];

    private final byte[][] cards;

    private MemoryImage(byte[][] cards) {
        this.cards = cards;
    }

    /**
     * @param pages as many of the block's as count
     * @param like an image that much of the block may be the same as
     */
    static MemoryImage of(MemoryBlock block, int pages, MemoryImage like) {
        var cards = new byte[pages * CARDS_PER_PAGE][];
        for (int card = 0; card < cards.length; card++) {
            var from = card * CARD;
            cards[card] =
                    known(block, card, like).orElseGet(() -> Arrays.copyOfRange(block.bytes(), from, from + CARD));
        }
        return new MemoryImage(cards);
    }

    /** What such an image would take on the heap, beside the one that it is like. */
    static long bytes(MemoryBlock block, int pages, MemoryImage like) {
        var count = pages * CARDS_PER_PAGE;
        var bytes = (long) count * REFERENCE;
        for (int card = 0; card < count; card++) {
            bytes += known(block, card, like).isPresent() ? 0 : CARD + HEADER;
        }
        return bytes;
    }

    /** The card's content, if it is not to be copied. */
    private static Optional<byte[]> known(MemoryBlock block, int card, MemoryImage like) {
        if (!block.mayHold(card) || holds(block, card, ZEROS)) {
            return Optional.of(ZEROS);
        }
        return card < like.cards.length && holds(block, card, like.cards[card])
                ? Optional.of(like.cards[card])
                : Optional.empty();
    }

    private static boolean holds(MemoryBlock block, int card, byte[] content) {
        var from = card * CARD;
        return Arrays.equals(block.bytes(), from, from + CARD, content, 0, CARD);
    }

    int pages() {
        return cards.length / CARDS_PER_PAGE;
    }

    /**
     * @param block all zeros, with room for the pages
     */
    void copyTo(MemoryBlock block) {
        for (int card = 0; card < cards.length; card++) {
            if (cards[card] != ZEROS) {
                System.arraycopy(cards[card], 0, block.bytes(), card * CARD, CARD);
                block.mark(card * CARD, CARD);
            }
        }
    }
}
