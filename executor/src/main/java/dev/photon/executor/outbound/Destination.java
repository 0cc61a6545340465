package dev.photon.executor.outbound;

import dev.photon.executor.outbound.OutboundResult.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where a hop goes: a URL (RFC 3986) in parts.
 *
 * @param secure whether its scheme is {@code https}; otherwise it is {@code http}
 * @param port 1 to 65,535
 * @param target path and query as they are sent, in ASCII
 */
record Destination(boolean secure, Host host, int port, String target) {
    private static final int MAX_URL = 8_192;

    /**
     * Reads what a guest or a server calls a URL. The JDK's parser is a strict one: spaces, backslashes and control
     * characters, about which parsers disagree, end here.
     */
    static Destination parse(String url) throws CallFailed {
        if (url.length() > MAX_URL) {
            throw bad("it has more than " + MAX_URL + " characters");
        }
        try {
            var uri = new URI(url);
            if (uri.getScheme() == null || uri.getRawAuthority() == null) {
                throw bad("it has no scheme or no host");
            }
            var authority = Authority.parse(uri.getRawAuthority());
            var secure = isSecure(uri.getScheme());
            return new Destination(secure, authority.host(), authority.port().orElse(defaultPort(secure)), target(uri));
        } catch (URISyntaxException e) {
            throw bad(e.getReason());
        } catch (IllegalArgumentException e) {
            throw bad(e.getMessage());
        }
    }

    /** Where a redirect's {@code Location} leads from here. */
    Destination resolve(String location) throws CallFailed {
        try {
            // A query alone keeps the path (RFC 3986, section 5.2.2), unlike in the RFC that the JDK follows.
            var path = location.startsWith("?") ? URI.create(url()).getRawPath() : "";
            return parse(URI.create(url()).resolve(new URI(path + location)).toString());
        } catch (URISyntaxException e) {
            throw bad(e.getReason());
        }
    }

    private static CallFailed bad(String reason) {
        return new CallFailed(Kind.BAD_REQUEST, "the URL is refused: " + reason);
    }

    private static boolean isSecure(String scheme) throws CallFailed {
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "https" -> true;
            case "http" -> false;
            default -> throw bad("its scheme is not http or https");
        };
    }

    private static int defaultPort(boolean secure) {
        return secure ? 443 : 80;
    }

    private static String target(URI uri) {
        var ascii = URI.create(uri.toASCIIString());
        var path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        return ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
    }

    boolean hasDefaultPort() {
        return port == defaultPort(secure);
    }

    /** Scheme, host and port (RFC 6454). */
    String origin() {
        return (secure ? "https://" : "http://") + host.text() + (hasDefaultPort() ? "" : ":" + port);
    }

    String url() {
        return origin() + target;
    }
}
