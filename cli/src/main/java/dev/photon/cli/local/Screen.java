package dev.photon.cli.local;

import dev.photon.cli.remote.Printable;
import java.io.PrintWriter;

/** Where {@code faas run} tells what happens, a line at a time, from several threads. */
final class Screen {
    private final PrintWriter out;

    Screen(PrintWriter out) {
        this.out = out;
    }

    synchronized void line(String text) {
        out.println(Printable.of(text));
        out.flush();
    }

    synchronized void lines(String text) {
        text.lines().map(Printable::of).forEach(out::println);
        out.flush();
    }
}
