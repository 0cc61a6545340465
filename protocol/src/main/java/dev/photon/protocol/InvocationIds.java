package dev.photon.protocol;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes the ids of invocations, deployments and instances. Thread-safe. */
public final class InvocationIds {
    private static final int BITS_128 = 16;
    private static final int BATCH = 256 * BITS_128;

    /** Asked in batches of 4 KiB per thread: one call of the generator costs more than all else in making an id. */
    private static final ThreadLocal<Batch> BATCHES = ThreadLocal.withInitial(Batch::new);

    private InvocationIds() {}

    /** 128 random bits as 32 lower-case hexadecimal digits, unguessable. */
    public static String next() {
        return BATCHES.get().next();
    }

    private static final class Batch {
        private final SecureRandom random = new SecureRandom();
        private final byte[] bytes = new byte[BATCH];
        private int used = BATCH;

        String next() {
            if (used == BATCH) {
                random.nextBytes(bytes);
                used = 0;
            }
            used += BITS_128;
            return HexFormat.of().formatHex(bytes, used - BITS_128, used);
        }
    }
}
