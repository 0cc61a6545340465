package dev.photon.executor.wasm;

/** What the functions that an instance imports act on: the run that it serves. Confined to the guest's thread. */
final class Guest {
    private Run run;

    Guest(Run first) {
        run = first;
    }

    Run run() {
        return run;
    }

    void serve(Run next) {
        run = next;
    }
}
