package dev.photon.executor.wasm;

import dev.photon.registry.HostInterface;

/** The functions of the http-wasm handler ABI (http-wasm.io, "http-handler"). */
@SuppressWarnings("ImmutableEnumChecker") // A lambda without state does not change.
enum HandlerFunction implements HostCall {
    LOG((guest, memory, a) -> {
        guest.run().log(GuestLevel.of((int) a[0]), memory, (int) a[1], (int) a[2]);
        return 0;
    }),
    LOG_ENABLED((guest, memory, a) -> guest.run().logs(GuestLevel.of((int) a[0])) ? 1 : 0);

    private final Body body;

    HandlerFunction(Body body) {
        this.body = body;
    }

    private interface Body {
        long call(Guest guest, LinearMemory memory, long[] arguments);
    }

    @Override
    public HostInterface from() {
        return HostInterface.HTTP_HANDLER;
    }

    @Override
    public long call(Guest guest, LinearMemory memory, long[] arguments) {
        return body.call(guest, memory, arguments);
    }
}
