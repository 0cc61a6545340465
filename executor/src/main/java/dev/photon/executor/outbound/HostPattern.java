package dev.photon.executor.outbound;

import java.util.OptionalInt;

/**
 * Hosts that a manifest allows: one of them ({@code api.example.com}), or all below a name ({@code *.example.com}, not
 * {@code example.com} itself and never an IP address). With a port, that port; without, the scheme's own. Case and a dot
 * at the end do not matter; names beyond ASCII are compared in their ASCII form.
 *
 * @param below whether it is about the names below the host, and not the host
 */
record HostPattern(boolean below, Host host, OptionalInt port) {
    private static final String ANY = "*.";

    /**
     * @throws IllegalArgumentException that says what is wrong with it
     */
    static HostPattern parse(String text) {
        var below = text.startsWith(ANY);
        var authority = Authority.parse(below ? text.substring(ANY.length()) : text);
        if (below && authority.host().address().isPresent()) {
            throw new IllegalArgumentException("there are no names below an IP address");
        }
        return new HostPattern(below, authority.host(), authority.port());
    }

    boolean matches(Destination destination) {
        return matches(destination.host())
                && (port.isPresent() ? port.getAsInt() == destination.port() : destination.hasDefaultPort());
    }

    private boolean matches(Host candidate) {
        return below
                ? candidate.address().isEmpty() && candidate.text().endsWith("." + host.text())
                : candidate.equals(host);
    }
}
