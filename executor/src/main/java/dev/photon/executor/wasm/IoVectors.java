package dev.photon.executor.wasm;

/**
 * The pieces of a guest's memory that one call reads into or writes from (WASI preview 1, "iovec" and "ciovec").
 *
 * @param address of pairs of address and length
 */
record IoVectors(LinearMemory memory, int address, int count) {
    private static final int MAX = 1_024;
    private static final int BYTES = 8;

    /** What happens to one piece. */
    interface Transfer {
        /**
         * @param done bytes that were transferred before
         * @param length unsigned, as is the result
         */
        int move(int done, int address, int length) throws ErrnoException;
    }

    /** Until all is done, or less than a whole piece. An error counts only when nothing was done before it. */
    int each(Transfer transfer) throws ErrnoException {
        if (count < 0 || count > MAX) {
            throw new ErrnoException(Errno.INVAL);
        }
        var done = 0;
        for (int i = 0; i < count; i++) {
            var length = memory.readInt(address + BYTES * i + 4);
            try {
                var moved = transfer.move(done, memory.readInt(address + BYTES * i), length);
                done += moved;
                if (moved != length) {
                    break;
                }
            } catch (ErrnoException e) {
                if (done > 0) {
                    break;
                }
                throw e;
            }
        }
        return done;
    }
}
