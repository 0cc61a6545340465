package dev.photon.executor.outbound;

import java.net.IDN;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A host in the one form in which hosts are compared: lower case, ASCII (IDNA 2003), no dot at the end; an IP address as
 * the JDK writes it, in brackets when it is one of IPv6.
 *
 * @param address present when the host is an IP address and no name
 */
record Host(String text, Optional<InetAddress> address) {
    private static final int MAX_NAME = 253;
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern NAME = Pattern.compile(LABEL + "(?:\\." + LABEL + ")*");
    /** What resolvers may take for a number: an address in one of the old notations of {@code inet_aton}. */
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");

    /**
     * @throws IllegalArgumentException when it is neither a name of the DNS (RFC 1123, section 2.1) nor an address in
     *     its usual notation
     */
    static Host parse(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            return new Host(literal(text.substring(1, text.length() - 1)));
        }
        var ascii = ascii(text).toLowerCase(Locale.ROOT);
        var name = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        if (ENDS_IN_NUMBER.matcher(name).matches()) {
            // As it was written: what only becomes an address on the way is none.
            return new Host(literal(text));
        }
        if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the host is not a valid name");
        }
        return new Host(name, Optional.empty());
    }

    private Host(InetAddress address) {
        this(
                address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress(),
                Optional.of(address));
    }

    private static String ascii(String text) {
        try {
            return IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the host is not a valid name", e);
        }
    }

    /**
     * An address in dotted decimals, or of IPv6 without a zone and not standing for one of IPv4. No name is looked up.
     *
     * @throws IllegalArgumentException for everything else
     */
    static InetAddress literal(String text) {
        if (text.contains(":")) {
            if (!text.contains("%") && InetAddress.ofLiteral(text) instanceof Inet6Address address) {
                return address;
            }
        } else if (Inet4Address.ofLiteral(text).getHostAddress().equals(text)) {
            return Inet4Address.ofLiteral(text);
        }
        throw new IllegalArgumentException("the host is an IP address in an unusual notation");
    }
}
