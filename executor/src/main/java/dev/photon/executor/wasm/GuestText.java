package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Texts between a handler's memory and us (http-wasm handler ABI, "Memory"). */
final class GuestText {
    private static final int MAX_BYTES = 64 * 1024;

    private GuestText() {}

    /**
     * @throws BadCall when it is longer than any that we take
     */
    static String read(LinearMemory memory, int address, int length) {
        if (length < 0 || length > MAX_BYTES) {
            throw new BadCall("a text is longer than 64 KiB");
        }
        var bytes = new byte[length];
        memory.read(address, bytes, 0, length);
        return new String(bytes, UTF_8);
    }

    static int write(LinearMemory memory, int address, int room, String text) {
        return write(memory, address, room, text.getBytes(UTF_8));
    }

    /** Writes all or, where there is not enough room, nothing; returns the length in both cases. */
    static int write(LinearMemory memory, int address, int room, byte[] bytes) {
        if (Integer.compareUnsigned(bytes.length, room) <= 0) {
            memory.write(address, bytes, 0, bytes.length);
        }
        return bytes.length;
    }

    /** The same for several texts, of which each ends in NUL. In the upper half of the result is how many there are. */
    static long write(LinearMemory memory, int address, int room, List<String> texts) {
        if (texts.isEmpty()) {
            return 0;
        }
        var bytes = (String.join("\0", texts) + "\0").getBytes(UTF_8);
        return (long) texts.size() << 32 | write(memory, address, room, bytes);
    }
}
