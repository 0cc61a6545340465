package dev.photon.executor.outbound;

import java.net.InetAddress;

/**
 * The addresses that begin with the same bits (CIDR, RFC 4632 and RFC 4291, section 2.3).
 *
 * @param first the one whose other bits are zero
 * @param bits how many are the same, 0 to 32 or 128
 */
public record AddressRange(InetAddress first, int bits) {

    /**
     * Reads {@code 10.0.0.0/8}, {@code fd00::/8}, or an address alone.
     *
     * @throws IllegalArgumentException when it is none, or an address within a range instead of its first
     */
    public static AddressRange parse(String text) {
        var slash = text.indexOf('/');
        var first = Host.literal(slash < 0 ? text : text.substring(0, slash));
        var most = first.getAddress().length * Byte.SIZE;
        var bits = slash < 0 ? most : Integer.parseInt(text, slash + 1, text.length(), 10);
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("a prefix of that kind of address has 0 to " + most + " bits");
        }
        var range = new AddressRange(first, bits);
        for (int bit = bits; bit < most; bit++) {
            if (bit(first.getAddress(), bit) != 0) {
                throw new IllegalArgumentException("bits beyond the prefix are set");
            }
        }
        return range;
    }

    /** Whether the address is one of them. Those of the other kind never are. */
    boolean contains(InetAddress address) {
        var mine = first.getAddress();
        var other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (bit(mine, bit) != bit(other, bit)) {
                return false;
            }
        }
        return true;
    }

    private static int bit(byte[] address, int index) {
        return address[index / Byte.SIZE] >> (Byte.SIZE - 1 - index % Byte.SIZE) & 1;
    }
}
