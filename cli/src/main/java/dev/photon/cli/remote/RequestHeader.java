package dev.photon.cli.remote;

import dev.photon.protocol.Header;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A header field of the command line. */
final class RequestHeader {
    /** A token, a colon, and no control characters (RFC 9110, section 5). */
    private static final Pattern FIELD =
            Pattern.compile("([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \\t]*((?:[^\\p{Cntrl}]|\\t)*)");

    private RequestHeader() {}

    /**
     * @throws IllegalArgumentException when it is none
     */
    static Header parse(String text) {
        Matcher field = FIELD.matcher(text);
        if (!field.matches()) {
            throw new IllegalArgumentException("a header is 'name: value', not '" + Printable.of(text) + "'");
        }
        return new Header(
                field.group(1).toLowerCase(Locale.ROOT), field.group(2).strip());
    }
}
