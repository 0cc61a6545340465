package dev.photon.registry;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What browsers let pages of other origins do with a function (Fetch, section 3.3, "CORS protocol").
 *
 * @param origins as browsers write them, {@code https://*.example.com} for all names below one, or {@code *} for all
 * @param methods beside those that need no permission, {@code GET}, {@code HEAD} and {@code POST}
 * @param headers of requests, names or {@code *}
 * @param exposed of answers, names or {@code *}
 * @param credentials whether requests may carry cookies and the like; not for all origins
 * @param maxAgeSeconds how long a permission may be kept, 0 to 86,400
 */
public record CorsRules(
        List<String> origins,
        Set<String> methods,
        List<String> headers,
        List<String> exposed,
        boolean credentials,
        int maxAgeSeconds) {
    static final String ALL = "*";
    private static final String BELOW = "://*.";

    public CorsRules {
        origins = List.copyOf(origins);
        methods = Collections.unmodifiableSet(new TreeSet<>(methods));
        headers = List.copyOf(headers);
        exposed = List.copyOf(exposed);
    }

    public boolean allowsAll() {
        return origins.contains(ALL);
    }

    /**
     * @param origin as the browser wrote it
     */
    public boolean allows(String origin) {
        return allowsAll() || origins.stream().anyMatch(allowed -> matches(allowed, origin));
    }

    /** Where browsers take it for a star, and no name, unless there are credentials. */
    boolean usesStar() {
        return allowsAll() || headers.contains(ALL) || exposed.contains(ALL);
    }

    private static boolean matches(String allowed, String origin) {
        var star = allowed.indexOf(BELOW);
        if (star < 0) {
            return allowed.equals(origin);
        }
        var scheme = allowed.substring(0, star + BELOW.length() - 2);
        var domain = allowed.substring(star + BELOW.length() - 1);
        return origin.startsWith(scheme)
                && origin.endsWith(domain)
                && origin.length() > scheme.length() + domain.length();
    }
}
