package dev.photon.executor.wasm;

import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import dev.photon.registry.GuestModule;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Calls every function that guests may call, before any guest does. A class whose static initializer meets the end of a
 * thread's stack is broken for as long as the JVM lives, and a guest can choose how deep it calls.
 */
final class Rehearsal {
    private static final int MOST_ARGUMENTS = 9;

    private Rehearsal() {}

    static void run() {
        var head = new Invocation.HttpHead("GET", "/%20", "", List.of(new Header("accept", "*/*")));
        var request = new GuestRequest(head, new byte[1], Map.of(), "rehearsal", "", "", false);
        var limits = new RunLimits(1, 1, 1, 0, 0, 0);
        var run = new Run(GuestModule.Kind.COMMAND, request, limits, GuestLog.NONE, OutboundCalls.NONE);
        var guest = new Guest(run);
        guest.serve(run);
        var memory = new LinearMemory(new MemoryLimits(1, 1));
        Entropy.fill(memory, 0, 1);
        files(memory);
        run.environment().write(memory, 0, 0);
        memory.zero();
        var calls = Stream.<HostCall[]>of(WasiFunction.values(), HandlerFunction.values(), PhotonFunction.values())
                .flatMap(Stream::of)
                .toList();
        for (var call : calls) {
            try {
                call.call(guest, memory, new long[MOST_ARGUMENTS]);
            } catch (GuestExit | BadCall e) {
                // What proc_exit is for, and what nonsense is answered with.
            }
        }
    }

    /** What calls without arguments do not reach. */
    private static void files(LinearMemory memory) {
        try {
            var root = OpenDirectory.root(new TmpFiles(1, HostShare.uncounted()));
            var file = root.open(Place.follow(root.node(), "name"), OpenDirectory.CREATE, Rights.WRITE, 0, 0);
            file.write(memory, 0, 1);
            file.close();
            new Listing(memory, 0, Memory.PAGE_SIZE, 0).tell(root.node());
        } catch (ErrnoException e) {
            throw new IllegalStateException("an empty directory takes a file", e);
        }
    }
}
