package dev.photon.executor.wasm;

/**
 * What a descriptor may be used for (WASI preview 1, "rights"). Programs decide by the rights to read and to write how
 * they open a file; the others are told to those who ask, and not enforced: nothing lies behind them but {@code /tmp}.
 */
final class Rights {
    static final long READ = 1L << 1;
    static final long WRITE = 1L << 6;

    /** Rights 0 to 8, 21 to 23 and 27. */
    static final long FILE = 0x1ff | 7L << 21 | 1L << 27;

    /** Rights 3, 4, 9 to 21 and 23 to 26. */
    static final long DIRECTORY = 3L << 3 | 0x1fffL << 9 | 0xfL << 23;

    private Rights() {}
}
