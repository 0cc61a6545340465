package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import java.security.SecureRandom;

/** Random bytes for guests, from one generator that all of them share. Thread-safe. */
final class Entropy {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int CHUNK = 4096;

    private Entropy() {}

    static byte[] bytes(int length) {
        var bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /**
     * In chunks, between which the thread's limit is looked at: a guest may ask for gigabytes.
     *
     * @throws ChicoryInterruptedException when the thread's interrupt flag is set
     */
    static int fill(LinearMemory memory, int address, int length) {
        StackRoom.require();
        var left = Integer.toUnsignedLong(length);
        var at = address;
        while (left > 0) {
            Interruption.check();
            var bytes = new byte[(int) Math.min(left, CHUNK)];
            RANDOM.nextBytes(bytes);
            memory.write(at, bytes);
            at += bytes.length;
            left -= bytes.length;
        }
        return Errno.SUCCESS;
    }
}
