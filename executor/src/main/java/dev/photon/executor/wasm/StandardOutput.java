package dev.photon.executor.wasm;

/** The answer, or the log. */
record StandardOutput(To to) implements Descriptor {
    /** Takes bytes out of the guest's memory; the length is unsigned. */
    interface To {
        void append(LinearMemory memory, int address, int length);
    }

    @Override
    public Filestat stat() {
        return Filestat.STREAM;
    }

    @Override
    public long rights() {
        return Rights.WRITE;
    }

    /**
     * @throws AnswerTooLarge when the answer passes its limit
     */
    @Override
    public int write(LinearMemory memory, int address, int length) {
        to.append(memory, address, length);
        return length;
    }
}
