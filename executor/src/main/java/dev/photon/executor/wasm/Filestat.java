package dev.photon.executor.wasm;

/**
 * What is known of a file, a directory or a stream (WASI preview 1, "filestat").
 *
 * @param accessed nanoseconds since 1970, as the other two
 */
record Filestat(long inode, byte type, int links, long size, long accessed, long modified, long changed) {
    /** The type stays "unknown", as of a pipe: C libraries buffer what they do not take for a terminal. */
    static final Filestat STREAM = new Filestat(0, (byte) 0, 1, 0, 0, 0, 0);

    static final byte DIRECTORY = 3;
    static final byte FILE = 4;

    void write(LinearMemory memory, int address) {
        memory.writeLong(address, 0);
        memory.writeLong(address + 8, inode);
        memory.writeLong(address + 16, type);
        memory.writeLong(address + 24, links);
        memory.writeLong(address + 32, size);
        memory.writeLong(address + 40, accessed);
        memory.writeLong(address + 48, modified);
        memory.writeLong(address + 56, changed);
    }
}
