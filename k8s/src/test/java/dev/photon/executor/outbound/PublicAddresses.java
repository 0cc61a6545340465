package dev.photon.executor.outbound;

import java.net.InetAddress;
import java.util.List;

/** Which addresses functions may call, by the executor's own rules. */
public final class PublicAddresses {
    private static final AddressRules RULES = new AddressRules(List.of());

    private PublicAddresses() {}

    public static boolean permit(InetAddress address) {
        return RULES.permit(address);
    }

    public static boolean contain(String range, InetAddress address) {
        return AddressRange.parse(range).contains(address);
    }
}
