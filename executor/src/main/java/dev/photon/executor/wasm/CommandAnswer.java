package dev.photon.executor.wasm;

import dev.photon.protocol.Reply;

/**
 * What a command writes to its standard output: held while it fits one record, and passed on from then on. Confined to
 * the run's thread.
 */
final class CommandAnswer {
    private final BoundedOutput held;
    private final int room;
    private final PassedAnswer passed;
    private boolean passable;

    /**
     * @param limit bytes of the answer, header included
     * @param passable whether what does not fit is known to be an answer
     */
    CommandAnswer(int limit, LargeAnswer large, boolean passable) {
        this.room = Math.min(limit, Reply.MAX_BYTES);
        this.held = new BoundedOutput(room);
        this.passed = new PassedAnswer(large, limit);
        this.passable = passable;
    }

    /** What is written from now on is an answer. */
    void makePassable() {
        passable = true;
    }

    /**
     * Takes bytes out of the guest's memory.
     *
     * @param length unsigned
     * @throws AnswerTooLarge when the answer passes its limit
     * @throws BadAnswer when it turns out to be none
     */
    void append(LinearMemory memory, int address, int length) {
        if (!passed.begun() && Integer.toUnsignedLong(length) <= room - held.size()) {
            held.append(memory, address, length);
            return;
        }
        if (!passed.begun()) {
            pass();
        }
        passed.write(memory, address, length);
    }

    private void pass() {
        if (!passable) {
            throw new AnswerTooLarge();
        }
        passed.overflow();
        var head = CgiAnswer.head(held.bytes(), held.size());
        passed.begin(head.status(), head.headers(), head.bytes());
        passed.write(held.bytes(), head.bytes(), held.size() - head.bytes());
        held.take();
    }

    /** What was written and is no answer; it is then forgotten. */
    byte[] take() {
        return held.take();
    }

    /** Of a command that ended well. */
    Reply.Outcome outcome() {
        return passed.begun() ? passed.end() : CgiAnswer.parse(held.bytes(), held.size());
    }

    boolean isPassed() {
        return passed.begun();
    }
}
