package dev.photon.executor.wasm;

import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import java.util.List;

/**
 * Where an answer goes that does not fit one record, while its function still writes. Of one run, and called on its
 * thread alone: {@link #begin}, {@link #write} as often as needed, {@link #end} when the function has ended well.
 */
public interface LargeAnswer {
    /** There is nobody who would take one: what does not fit one record is too large. */
    LargeAnswer NONE = new LargeAnswer() {
        @Override
        public void begin(int status, List<Header> headers) {
            throw new AnswerTooLarge();
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            throw new AnswerTooLarge();
        }

        @Override
        public Reply.Outcome end() {
            throw new AnswerTooLarge();
        }
    };

    void begin(int status, List<Header> headers);

    /**
     * Takes some of the body; waits while too much of it is on its way.
     *
     * @param bytes copied
     * @throws AnswerLost when it cannot be taken
     */
    void write(byte[] bytes, int from, int length) throws InterruptedException;

    /**
     * Waits until all of the body has arrived.
     *
     * @return what the run came to
     * @throws AnswerLost when it did not arrive
     */
    Reply.Outcome end() throws InterruptedException;
}
