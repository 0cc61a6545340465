package dev.photon.executor.wasm;

import java.util.List;

/** What the functions of WASI act on in one run. Confined to the guest's thread. */
final class Guest {
    private final GuestRequest request;
    private final Streams streams;
    private StringTable environment;

    Guest(GuestRequest request, RunLimits limits) {
        this.request = request;
        streams = new Streams(request.body(), limits.maxAnswerBytes());
    }

    Streams streams() {
        return streams;
    }

    StringTable arguments() {
        return new StringTable(List.of(request.function()));
    }

    /** Made at the first question: a guest that does not ask does not pay. */
    StringTable environment() {
        if (environment == null) {
            environment = new StringTable(CgiVariables.of(request));
        }
        return environment;
    }
}
