package dev.photon.executor.wasm;

/**
 * The answer, or the log.
 *
 * @param wanted whole, as an answer is; of a log the beginning will do
 */
record StandardOutput(BoundedOutput output, boolean wanted) implements Descriptor {
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
        output.append(memory, address, length);
        if (wanted && output.dropped() > 0) {
            throw new AnswerTooLarge();
        }
        return length;
    }
}
