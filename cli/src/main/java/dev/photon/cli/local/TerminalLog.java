package dev.photon.cli.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.cli.remote.Printable;
import dev.photon.executor.wasm.GuestLog;
import dev.photon.protocol.LogLevel;
import java.io.PrintWriter;

/** Prints what a function logs, whatever its level. */
final class TerminalLog implements GuestLog {
    private final PrintWriter out;

    TerminalLog(PrintWriter out) {
        this.out = out;
    }

    @Override
    public boolean keeps(LogLevel level) {
        return true;
    }

    @Override
    public void line(LogLevel level, String text) {
        out.println(level + " " + Printable.of(text));
    }

    @Override
    public void write(byte[] kept, long dropped) {
        new String(kept, UTF_8).lines().map(Printable::of).forEach(out::println);
        if (dropped > 0) {
            out.println(dropped + " more bytes were written and are lost");
        }
    }
}
