package dev.photon.executor.wasm;

import dev.photon.registry.HostInterface;

/** The functions of the {@code photon} module, described in {@code executor/GUEST.md}. */
@SuppressWarnings("ImmutableEnumChecker") // A lambda without state does not change.
enum PhotonFunction implements HostCall {
    LOG((run, memory, a) -> {
        run.log(GuestLevel.of((int) a[0]), memory, (int) a[1], (int) a[2]);
        return 0;
    }),
    DEADLINE((run, memory, a) -> run.leftMillis()),
    FETCH((run, memory, a) ->
            run.fetches().fetch(memory, (int) a[0], (int) a[1], (int) a[2], (int) a[3], run.leftMillis())),
    FETCH_HEAD((run, memory, a) -> run.fetches().head(memory, (int) a[0], (int) a[1])),
    EMIT((run, memory, a) -> run.emissions().emit(memory, (int) a[0], (int) a[1], (int) a[2], (int) a[3])),
    FETCH_BODY((run, memory, a) -> run.fetches().body(memory, (int) a[0], (int) a[1]));

    private final Body body;

    PhotonFunction(Body body) {
        this.body = body;
    }

    private interface Body {
        long call(Run run, LinearMemory memory, long[] arguments);
    }

    @Override
    public HostInterface from() {
        return HostInterface.PHOTON;
    }

    @Override
    public long call(Guest guest, LinearMemory memory, long[] arguments) {
        return body.call(guest.run(), memory, arguments);
    }
}
