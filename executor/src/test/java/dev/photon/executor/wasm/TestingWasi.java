package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.registry.GuestModule;
import java.util.Arrays;

/** A guest without code: calls the functions that guests import, with a memory of one page. */
final class TestingWasi {
    /** Where the test's texts and buffers may lie. */
    static final int FREE = 4_096;

    private static final int MOST_ARGUMENTS = 9;

    private final LinearMemory memory = new LinearMemory(new MemoryLimits(1, 1));
    private final Run run;
    private final Guest guest;
    private int free = FREE;

    TestingWasi(String body, RunLimits limits) {
        run = new Run(GuestModule.Kind.COMMAND, TestingGuests.request(body), limits, GuestLog.NONE, OutboundCalls.NONE);
        guest = new Guest(run);
    }

    /** From here on it is a handler that has a request. */
    Exchange serve() {
        return guest.serve(run);
    }

    LinearMemory memory() {
        return memory;
    }

    Run run() {
        return run;
    }

    int call(HostCall function, long... arguments) {
        return (int) function.call(guest, memory, Arrays.copyOf(arguments, MOST_ARGUMENTS));
    }

    /** Puts a text into the memory, where the next one will follow, and says where. */
    int text(String text) {
        var bytes = text.getBytes(UTF_8);
        var address = free;
        memory.write(address, bytes);
        free += bytes.length;
        return address;
    }

    void forgetTexts() {
        free = FREE;
    }
}
