package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.Memory;
import java.util.Arrays;

/** What a memory held at one moment, card by card. Immutable: images share the cards that are the same in both. */
@SuppressWarnings("ReferenceEquality") // Of cards: whether they are shared.
final class MemoryImage {
    static final MemoryImage NOTHING = new MemoryImage(new byte[0][]);

    private static final int CARD = 1 << MemoryBlock.CARD_SHIFT;
    private static final int CARDS_PER_PAGE = Memory.PAGE_SIZE / CARD;
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
            var before = card < like.cards.length ? like.cards[card] : ZEROS;
            cards[card] = !block.mayHold(card) || Arrays.equals(block.bytes(), from, from + CARD, ZEROS, 0, CARD)
                    ? ZEROS
                    : Arrays.equals(block.bytes(), from, from + CARD, before, 0, CARD)
                            ? before
                            : Arrays.copyOfRange(block.bytes(), from, from + CARD);
        }
        return new MemoryImage(cards);
    }

    int pages() {
        return cards.length / CARDS_PER_PAGE;
    }

    /** Bytes that it keeps and another one does not. */
    int bytesBeside(MemoryImage other) {
        var own = 0;
        for (int card = 0; card < cards.length; card++) {
            var shared = card < other.cards.length && cards[card] == other.cards[card];
            own += shared || cards[card] == ZEROS ? 0 : CARD;
        }
        return own;
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
