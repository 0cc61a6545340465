package dev.photon.executor;

import dev.photon.executor.wasm.GuestLog;
import dev.photon.protocol.LogLevel;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a run logs until it is known whether the run counts. Confined to the run's thread. */
final class HeldLog implements GuestLog {
    private final GuestLog log;
    private final List<Runnable> held = new ArrayList<>();

    HeldLog(GuestLog log) {
        this.log = log;
    }

    @Override
    public boolean keeps(LogLevel level) {
        return log.keeps(level);
    }

    @Override
    public void line(LogLevel level, String text) {
        held.add(() -> log.line(level, text));
    }

    @Override
    public void write(byte[] kept, long dropped) {
        held.add(() -> log.write(kept, dropped));
    }

    void release() {
        held.forEach(Runnable::run);
    }
}
