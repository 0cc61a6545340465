package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A guest's {@code /tmp}, by the calls that its library would make. Those that give a number give an error negated. */
final class TestingTmp {
    static final int TMP = 3;
    static final int CREATE = 1;
    static final int DIRECTORY = 2;
    static final int EXCLUSIVE = 4;
    static final int TRUNCATE = 8;
    static final int APPEND = 1;

    private static final int VECTOR = 0;
    private static final int RESULT = 16;
    private static final int BUFFER = 1_024;

    private final TestingWasi wasi;

    TestingTmp(int bytes) {
        wasi = new TestingWasi("", new RunLimits(1_000, 1, 10, 10, 0, bytes));
    }

    TestingWasi wasi() {
        return wasi;
    }

    int open(String path, int how) {
        return open(TMP, path, how, Rights.READ | Rights.WRITE, 0);
    }

    int open(int directory, String path, int how, long rights, int flags) {
        var result = path(WasiFunction.PATH_OPEN, directory, path, how, rights, rights, flags, RESULT);
        return result == Errno.SUCCESS ? wasi.memory().readInt(RESULT) : -result;
    }

    /** Calls a function whose arguments begin with a directory and a path, with lookup flags where it has those. */
    int path(WasiFunction function, int directory, String path, long... others) {
        var flags = switch (function) {
            case PATH_OPEN, PATH_FILESTAT_GET, PATH_FILESTAT_SET_TIMES, PATH_LINK -> 1;
            default -> 0;
        };
        var arguments = new long[3 + flags + others.length];
        arguments[0] = directory;
        arguments[flags + 1] = wasi.text(path);
        arguments[flags + 2] = path.getBytes(UTF_8).length;
        System.arraycopy(others, 0, arguments, flags + 3, others.length);
        var result = wasi.call(function, arguments);
        wasi.forgetTexts();
        return result;
    }

    int twoPaths(WasiFunction function, String from, String to) {
        var second = wasi.text(to);
        var result = path(function, TMP, from, TMP, second, to.getBytes(UTF_8).length);
        wasi.forgetTexts();
        return result;
    }

    int write(int fd, String text) {
        return transfer(WasiFunction.FD_WRITE, fd, wasi.text(text), text.length());
    }

    int writeAt(int fd, String text, long offset) {
        return transfer(WasiFunction.FD_PWRITE, fd, wasi.text(text), text.length(), offset);
    }

    /** At most 100 bytes, one character for each. */
    String read(int fd) {
        return text(transfer(WasiFunction.FD_READ, fd, BUFFER, 100));
    }

    String readAt(int fd, long offset) {
        return text(transfer(WasiFunction.FD_PREAD, fd, BUFFER, 100, offset));
    }

    private String text(int length) {
        return length < 0
                ? "error " + -length
                : new String(wasi.memory().readBytes(BUFFER, length), StandardCharsets.ISO_8859_1);
    }

    int transfer(WasiFunction function, int fd, int address, int length, long... offset) {
        wasi.forgetTexts();
        wasi.memory().writeI32(VECTOR, address);
        wasi.memory().writeI32(VECTOR + 4, length);
        var result = offset.length == 0
                ? wasi.call(function, fd, VECTOR, 1, RESULT)
                : wasi.call(function, fd, VECTOR, 1, offset[0], RESULT);
        return result == Errno.SUCCESS ? wasi.memory().readInt(RESULT) : -result;
    }

    long seek(int fd, long offset, int whence) {
        var result = wasi.call(WasiFunction.FD_SEEK, fd, offset, whence, RESULT);
        return result == Errno.SUCCESS ? wasi.memory().readLong(RESULT) : -result;
    }

    int close(int fd) {
        return wasi.call(WasiFunction.FD_CLOSE, fd);
    }

    long size(String path) {
        var result = path(WasiFunction.PATH_FILESTAT_GET, TMP, path, BUFFER);
        return result == Errno.SUCCESS ? wasi.memory().readLong(BUFFER + 32) : -result;
    }

    /** The names in a directory, asked for with a buffer of so many bytes. */
    List<String> list(int fd, int bytes) {
        var memory = wasi.memory();
        var names = new ArrayList<String>();
        var cookie = 0L;
        while (true) {
            if (wasi.call(WasiFunction.FD_READDIR, fd, BUFFER, bytes, cookie, RESULT) != Errno.SUCCESS) {
                throw new AssertionError("the directory cannot be listed");
            }
            var filled = memory.readInt(RESULT);
            var at = BUFFER;
            while (at + 24 <= BUFFER + filled && at + 24 + memory.readInt(at + 16) <= BUFFER + filled) {
                var length = memory.readInt(at + 16);
                names.add(new String(memory.readBytes(at + 24, length), UTF_8));
                cookie = memory.readLong(at);
                at += 24 + length;
            }
            if (filled < bytes) {
                return names;
            }
        }
    }
}
