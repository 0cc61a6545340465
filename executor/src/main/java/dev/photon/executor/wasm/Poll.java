package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import java.util.concurrent.TimeUnit;

/**
 * One call of {@code poll_oneoff}: sleep until a clock subscription is due, or not at all when a stream is subscribed,
 * since ours are always ready. Layouts: WASI preview 1, "subscription" (48 bytes) and "event" (32 bytes).
 */
final class Poll {
    private static final int MAX_SUBSCRIPTIONS = 64;
    private static final int SUBSCRIPTION = 48;
    private static final int EVENT = 32;
    private static final int CLOCK = 0;
    private static final int FD_READ = 1;
    private static final int FD_WRITE = 2;

    private final LinearMemory memory;
    private final Descriptors open;
    private final int subscriptions;
    private final int events;
    private int ready;

    private Poll(LinearMemory memory, Descriptors open, int subscriptions, int events) {
        this.memory = memory;
        this.open = open;
        this.subscriptions = subscriptions;
        this.events = events;
    }

    /**
     * @throws ChicoryInterruptedException when the thread was interrupted; its flag is set again
     */
    static int oneOff(LinearMemory memory, Descriptors open, int subscriptions, int events, int count, int result) {
        if (count < 1 || count > MAX_SUBSCRIPTIONS) {
            return Errno.INVAL;
        }
        return new Poll(memory, open, subscriptions, events).run(count, result);
    }

    private int run(int count, int result) {
        var timeouts = new long[count];
        var earliest = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            var at = subscriptions + i * SUBSCRIPTION;
            var type = memory.read(at + 8);
            if (type < CLOCK || type > FD_WRITE || (type == CLOCK && !Clocks.isOffered(memory.readInt(at + 16)))) {
                return Errno.INVAL;
            }
            timeouts[i] = type == CLOCK ? timeout(at) : 0;
            earliest = Math.min(earliest, timeouts[i]);
        }
        sleep(earliest);
        for (int i = 0; i < count; i++) {
            if (timeouts[i] <= earliest) {
                report(subscriptions + i * SUBSCRIPTION);
            }
        }
        memory.writeI32(result, ready);
        return Errno.SUCCESS;
    }

    private long timeout(int subscription) {
        var timeout = memory.readLong(subscription + 24);
        if (timeout < 0) {
            return Long.MAX_VALUE;
        }
        var absolute = (memory.readShort(subscription + 40) & 1) != 0;
        return absolute ? Math.max(0, timeout - Clocks.now(memory.readInt(subscription + 16))) : timeout;
    }

    private static void sleep(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChicoryInterruptedException(e);
        }
    }

    private void report(int subscription) {
        var event = events + ready++ * EVENT;
        var type = memory.read(subscription + 8);
        var userData = memory.readLong(subscription);
        var asked = open.find(memory.readInt(subscription + 16))
                .filter(type == FD_READ ? Descriptor::isReadable : Descriptor::isWritable);
        memory.write(event, new byte[EVENT]);
        memory.writeLong(event, userData);
        memory.writeShort(event + 8, (short) (type == CLOCK || asked.isPresent() ? Errno.SUCCESS : Errno.BADF));
        memory.writeByte(event + 10, type);
        if (type == FD_READ) {
            memory.writeLong(event + 16, asked.map(Descriptor::available).orElse(0L));
        }
    }
}
