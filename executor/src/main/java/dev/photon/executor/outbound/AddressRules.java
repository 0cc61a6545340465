package dev.photon.executor.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses may be called: those of the public Internet (IANA's special-purpose address registries, RFC 6890),
 * and those that the operator allows. Immutable.
 */
final class AddressRules {
    private static final List<AddressRange> REFUSED_V4 = ranges(
            "0.0.0.0/8", // this host, this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // behind a carrier's translation; cloud metadata of some
            "127.0.0.0/8", // loopback
            "168.63.129.16/32", // the metadata server of a cloud, at a public address
            "169.254.0.0/16", // link-local; cloud metadata of most
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // 6to4 relays
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, broadcast

    /** What of IPv6 is global unicast. All of loopback, link-local, unique local, multicast, mapped is outside. */
    private static final AddressRange GLOBAL_V6 = AddressRange.parse("2000::/3");

    private static final List<AddressRange> REFUSED_V6 = ranges(
            "2001::/23", // protocol assignments: Teredo, ORCHID, benchmarks
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4
            "3fff::/20"); // documentation

    /** RFC 6052: the last four bytes are an IPv4 address, which a translator connects to. */
    private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");

    private final List<AddressRange> allowed;

    /**
     * @param allowed by the operator, whatever is refused otherwise
     */
    AddressRules(List<AddressRange> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    private static List<AddressRange> ranges(String... texts) {
        return Stream.of(texts).map(AddressRange::parse).toList();
    }

    boolean permit(InetAddress address) {
        if (isIn(allowed, address)) {
            return true;
        }
        if (address instanceof Inet4Address) {
            return !isIn(REFUSED_V4, address);
        }
        return NAT64.contains(address)
                ? permit(translated(address))
                : GLOBAL_V6.contains(address) && !isIn(REFUSED_V6, address);
    }

    private static boolean isIn(List<AddressRange> ranges, InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static InetAddress translated(InetAddress address) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), 12, 16));
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
