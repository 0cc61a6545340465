package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.LogLevel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a guest logged. */
final class TestingLog implements GuestLog {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private volatile String written = "";

    /** Each as {@code LEVEL text}. */
    List<String> lines() {
        return lines;
    }

    /** What was written to standard error. */
    String written() {
        return written;
    }

    @Override
    public boolean keeps(LogLevel level) {
        return true;
    }

    @Override
    public void line(LogLevel level, String text) {
        lines.add(level + " " + text);
    }

    @Override
    public void write(byte[] kept, long dropped) {
        written = new String(kept, UTF_8);
    }
}
