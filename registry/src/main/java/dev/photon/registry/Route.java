package dev.photon.registry;

import dev.photon.protocol.PathDecoder;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a function is found beside its own name.
 *
 * @param host in lower case, without a port; {@code *.example.com} for all names below one; empty for any
 * @param path segments, each of them literal or {@code {name}} for any one that is not empty; the last may be
 *     {@code *}, for whatever follows, and for nothing
 * @param methods as on the wire (RFC 9110, section 9.1), {@code HEAD} with {@code GET}; empty for any
 */
public record Route(String host, String path, Set<String> methods) {
    static final String REST = "*";

    /**
     * @throws IllegalArgumentException when no path can match it
     */
    public Route {
        if (!path.startsWith("/") || !Arrays.stream(path.split("/", -1)).allMatch(Route::isSegment)) {
            throw new IllegalArgumentException("a route's path has segments behind slashes");
        }
        methods = Collections.unmodifiableSet(new TreeSet<>(methods));
    }

    /** Whether it is for requests with this method. */
    boolean takes(String method) {
        return methods.isEmpty() || methods.contains(method);
    }

    /** Whether there is a method that both are for. */
    boolean sharesMethod(Route other) {
        return methods.isEmpty() || other.methods.isEmpty() || !Collections.disjoint(methods, other.methods);
    }

    private static boolean isSegment(String text) {
        return isParameter(text) || PathDecoder.decode(text).isPresent();
    }

    static boolean isParameter(String segment) {
        return segment.startsWith("{");
    }

    /** As people write it: {@code GET,HEAD shop.example.com/cart/*}. */
    @Override
    public String toString() {
        return (methods.isEmpty() ? "" : String.join(",", methods) + " ") + host + path;
    }
}
