package dev.photon.executor.outbound;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/** A host, and a port where one is written (RFC 3986, section 3.2). */
record Authority(Host host, OptionalInt port) {
    private static final Pattern TEXT = Pattern.compile("(\\[[^\\]]*\\]|[^:\\[\\]]+)(?::([0-9]{1,5}))?");

    /**
     * @throws IllegalArgumentException that says what is wrong with it; a user name always is
     */
    static Authority parse(String text) {
        if (text.contains("@")) {
            throw new IllegalArgumentException("a user name or password in a URL is refused");
        }
        var match = TEXT.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("there is no valid host");
        }
        var host = Host.parse(match.group(1));
        return new Authority(host, match.group(2) == null ? OptionalInt.empty() : port(match.group(2)));
    }

    private static OptionalInt port(String text) {
        var port = Integer.parseInt(text);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port must be 1 to 65535");
        }
        return OptionalInt.of(port);
    }
}
