package dev.photon.registry;

import java.util.List;

/** The paths of an ingress that no function can have. */
public final class PlatformPaths {
    private static final List<String> ROOTS = List.of("/api/faas", "/fn", "/metrics", "/openapi.json");

    private PlatformPaths() {}

    /**
     * @param path of a request, or of a route
     */
    public static boolean owns(String path) {
        for (var root : ROOTS) {
            if (path.startsWith(root) && (path.length() == root.length() || path.charAt(root.length()) == '/')) {
                return true;
            }
        }
        return false;
    }
}
