package dev.photon.executor.wasm;

/**
 * The three descriptors a guest has: the request's body (0), the answer (1) and the log (2). Confined to the guest's
 * thread. Results are error numbers; layouts are those of WASI preview 1 (legacy/preview1/docs.md).
 */
final class Streams {
    private static final int IN = 0;
    private static final int OUT = 1;
    private static final int ERR = 2;
    private static final int COUNT = 3;
    private static final int MAX_VECTORS = 1024;
    private static final byte[] NOTHING = {};
    private static final long RIGHT_TO_READ = 1L << 1;
    private static final long RIGHT_TO_WRITE = 1L << 6;

    private final byte[] body;
    private final BoundedOutput answer;
    private final BoundedOutput log;
    private final boolean[] closed = new boolean[COUNT];
    private int position;

    Streams(byte[] body, int answerBytes, int logBytes) {
        this(body, new BoundedOutput(answerBytes), new BoundedOutput(logBytes));
    }

    private Streams(byte[] body, BoundedOutput answer, BoundedOutput log) {
        this.body = body;
        this.answer = answer;
        this.log = log;
    }

    /** A handler has other means to read a body and to answer: there is nothing to read, and all it prints is logged. */
    static Streams ofHandler(int logBytes) {
        var log = new BoundedOutput(logBytes);
        return new Streams(NOTHING, log, log);
    }

    BoundedOutput answer() {
        return answer;
    }

    BoundedOutput log() {
        return log;
    }

    /** Bytes of the body that were not read yet. */
    int remaining() {
        return body.length - position;
    }

    boolean isOpen(int fd) {
        return fd >= 0 && fd < COUNT && !closed[fd];
    }

    boolean isReadable(int fd) {
        return fd == IN && isOpen(fd);
    }

    boolean isWritable(int fd) {
        return (fd == OUT || fd == ERR) && isOpen(fd);
    }

    /** The answer to what a stream cannot do, or that there is no such stream. */
    int refuse(int fd, int errno) {
        return isOpen(fd) ? errno : Errno.BADF;
    }

    int read(LinearMemory memory, int fd, int vectors, int count, int result) {
        if (!isReadable(fd)) {
            return Errno.BADF;
        }
        if (count < 0 || count > MAX_VECTORS) {
            return Errno.INVAL;
        }
        var before = position;
        for (int i = 0; i < count && remaining() > 0; i++) {
            var length = Integer.toUnsignedLong(memory.readInt(vectors + 8 * i + 4));
            var taken = (int) Math.min(length, remaining());
            memory.write(memory.readInt(vectors + 8 * i), body, position, taken);
            position += taken;
        }
        memory.writeI32(result, position - before);
        return Errno.SUCCESS;
    }

    /**
     * @throws AnswerTooLarge when the answer passes its limit
     */
    int write(LinearMemory memory, int fd, int vectors, int count, int result) {
        if (!isWritable(fd)) {
            return Errno.BADF;
        }
        if (count < 0 || count > MAX_VECTORS) {
            return Errno.INVAL;
        }
        var output = fd == OUT ? answer : log;
        var written = 0;
        for (int i = 0; i < count; i++) {
            var length = memory.readInt(vectors + 8 * i + 4);
            output.append(memory, memory.readInt(vectors + 8 * i), length);
            written += length;
        }
        if (fd == OUT && answer != log && answer.dropped() > 0) {
            throw new AnswerTooLarge();
        }
        memory.writeI32(result, written);
        return Errno.SUCCESS;
    }

    int close(int fd) {
        if (!isOpen(fd)) {
            return Errno.BADF;
        }
        closed[fd] = true;
        return Errno.SUCCESS;
    }

    /** The type stays "unknown", as of a pipe: C libraries buffer what they do not take for a terminal. */
    int describe(LinearMemory memory, int fd, int result) {
        if (!isOpen(fd)) {
            return Errno.BADF;
        }
        memory.writeLong(result, 0);
        memory.writeLong(result + 8, fd == IN ? RIGHT_TO_READ : RIGHT_TO_WRITE);
        memory.writeLong(result + 16, 0);
        return Errno.SUCCESS;
    }

    int describeFile(LinearMemory memory, int fd, int result) {
        if (!isOpen(fd)) {
            return Errno.BADF;
        }
        memory.write(result, new byte[64]);
        memory.writeLong(result + 24, 1);
        return Errno.SUCCESS;
    }
}
