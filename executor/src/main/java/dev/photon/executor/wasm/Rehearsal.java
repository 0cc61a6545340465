package dev.photon.executor.wasm;

import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import java.util.List;
import java.util.Map;

/**
 * Calls every function that guests may call, before any guest does. A class whose static initializer meets the end of a
 * thread's stack is broken for as long as the JVM lives, and a guest can choose how deep it calls.
 */
final class Rehearsal {
    private static final int MOST_ARGUMENTS = 9;

    private Rehearsal() {}

    static void run() {
        var head = new Invocation.HttpHead("GET", "/%20", "", List.of(new Header("accept", "*/*")));
        var request = new GuestRequest(head, new byte[1], Map.of(), "rehearsal", "", "");
        var guest = new Guest(request, new RunLimits(1, 1, 1));
        var memory = new PagedMemory(new MemoryLimits(1, 1));
        Entropy.fill(memory, 0, 1);
        guest.environment().write(memory, 0, 0);
        memory.zero();
        for (var function : WasiFunction.values()) {
            try {
                function.call(guest, memory, new long[MOST_ARGUMENTS]);
            } catch (GuestExit e) {
                // What proc_exit is for.
            }
        }
    }
}
