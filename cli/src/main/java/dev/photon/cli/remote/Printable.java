package dev.photon.cli.remote;

import java.util.regex.Pattern;

/** What strangers wrote, in a form that does not command the terminal. */
public final class Printable {
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9f}&&[^\\t]]");

    private Printable() {}

    public static String of(String line) {
        return CONTROL.matcher(line).replaceAll("?");
    }
}
