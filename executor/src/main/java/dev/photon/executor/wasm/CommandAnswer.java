package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.photon.executor.outbound.Room;
import dev.photon.protocol.Reply;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * What a command writes to its standard output: held while it fits one record and nobody needs its parts, and passed on
 * from then on. Confined to the run's thread.
 */
final class CommandAnswer {
    private static final byte[] EVENT = "event-stream".getBytes(US_ASCII);

    private final BoundedOutput held;
    private final int room;
    private final PassedAnswer passed;
    private boolean passable;
    private boolean headOver;
    /** Of what was passed on. */
    private int status;

    private boolean emptyLine = true;
    private int looked;

    /**
     * @param limit bytes of the answer, header included
     * @param passable whether what does not fit is known to be an answer
     * @param memory for what is held
     */
    CommandAnswer(int limit, LargeAnswer large, boolean passable, Room memory) {
        this.room = Math.min(limit, Reply.MAX_BYTES);
        this.held = new BoundedOutput(room, memory);
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
        if (passed.begun()) {
            passed.write(memory, address, length);
        } else if (Integer.toUnsignedLong(length) > room - held.size()) {
            if (!passable) {
                throw new AnswerTooLarge();
            }
            passed.overflow();
            pass();
            passed.write(memory, address, length);
        } else {
            held.append(memory, address, length);
            if (passable && passed.mayBeginEarly() && isDue()) {
                pass();
            }
        }
    }

    /** Whether the client shall not wait for the rest. */
    private boolean isDue() {
        var slow = passed.isSlow();
        if (!headOver && !headEnds()) {
            return false;
        }
        if (headOver) {
            return slow;
        }
        headOver = true;
        return slow || (mentionsEvents() && isOfEvents(head()));
    }

    private static boolean isOfEvents(CgiAnswer.Head head) {
        return head.headers().stream()
                .anyMatch(header -> header.name().equals("content-type") && PassedAnswer.isOfEvents(header.value()));
    }

    /** Looks at each byte once, however little is written at a time. */
    private boolean headEnds() {
        var bytes = held.bytes();
        for (; looked < held.size(); looked++) {
            if (bytes[looked] == '\n') {
                if (emptyLine) {
                    return true;
                }
                emptyLine = true;
            } else if (bytes[looked] != '\r') {
                emptyLine = false;
            }
        }
        return false;
    }

    /** Spares most answers to be read twice. */
    private boolean mentionsEvents() {
        var bytes = held.bytes();
        for (int i = 0; i + EVENT.length <= looked; i++) {
            if (Arrays.equals(bytes, i, i + EVENT.length, EVENT, 0, EVENT.length)) {
                return true;
            }
        }
        return false;
    }

    private CgiAnswer.Head head() {
        return CgiAnswer.head(held.bytes(), held.size());
    }

    private void pass() {
        var head = head();
        status = head.status();
        passed.begin(head.status(), head.headers(), head.bytes());
        passed.write(held.bytes(), head.bytes(), held.size() - head.bytes());
        held.clear();
    }

    /** What was written and is no answer; it is then forgotten. */
    byte[] take() {
        return held.take();
    }

    /**
     * Of a command that ended well.
     *
     * @param last gets the status before the last of the answer leaves
     */
    Reply.Outcome outcome(IntConsumer last) {
        if (passed.begun()) {
            last.accept(status);
            return passed.end();
        }
        var outcome = CgiAnswer.parse(held.bytes(), held.size());
        if (outcome instanceof Reply.Answer answer) {
            last.accept(answer.status());
        }
        return outcome;
    }
}
