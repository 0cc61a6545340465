package dev.photon.executor.wasm;

/** What a number that the guest reads from or writes to stands for. */
sealed interface Descriptor permits StandardInput, StandardOutput, OpenFile, OpenDirectory {
    Filestat stat();

    long rights();

    /** The rights of what is opened by this. */
    default long inheriting() {
        return 0;
    }

    /** WASI preview 1, "fdflags". */
    default int flags() {
        return 0;
    }

    /** Succeeds: nothing here blocks, with or without the flag, and what is written is there. */
    default void setFlags(int flags) {}

    default boolean isReadable() {
        return (rights() & Rights.READ) != 0;
    }

    default boolean isWritable() {
        return (rights() & Rights.WRITE) != 0;
    }

    /** Bytes that can be read. */
    default long available() {
        return 0;
    }

    /**
     * Reads into the guest's memory what there is.
     *
     * @param length unsigned
     * @return how many bytes; 0 at the end
     */
    default int read(LinearMemory memory, int address, int length) throws ErrnoException {
        throw new ErrnoException(Errno.BADF);
    }

    /**
     * Writes out of the guest's memory what there is room for.
     *
     * @param length unsigned
     * @return how many bytes, unsigned
     */
    default int write(LinearMemory memory, int address, int length) throws ErrnoException {
        throw new ErrnoException(Errno.BADF);
    }

    default void close() {}
}
