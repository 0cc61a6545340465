package dev.photon.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.photon.protocol.PathDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The tables {@code [[routes]]} of a {@code photoniq.toml}. */
final class RouteSettings {
    private static final Set<String> KEYS = Set.of("path", "methods", "host");

    private static final int MAX_ROUTES = 100;
    private static final int MAX_METHODS = 20;
    private static final int MAX_PATH = 512;

    /** RFC 3986, section 3.3, without the star. */
    private static final String LITERAL = "(?:[A-Za-z0-9._~!$&'()+,;=:@-]|%[0-9A-Fa-f]{2})*";

    private static final Pattern PATH =
            Pattern.compile("(?:/(?:" + LITERAL + "|\\{[A-Za-z][A-Za-z0-9_]{0,63}}))*?(?:/\\*)?");
    private static final Pattern HOST =
            Pattern.compile("(?:\\*\\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*");

    private RouteSettings() {}

    static List<Route> routes(JsonNode tables) throws Refused {
        if (!tables.isMissingNode() && !tables.isArray()) {
            throw new Refused("routes must be tables [[routes]]");
        }
        var routes = new ArrayList<Route>();
        for (var table : tables) {
            routes.add(route(table));
        }
        if (routes.size() > MAX_ROUTES) {
            throw new Refused("a function has at most " + MAX_ROUTES + " routes");
        }
        RouteTable.requireApart(routes);
        return routes;
    }

    private static Route route(JsonNode table) throws Refused {
        for (var entry : table.properties()) {
            // A word that is overlooked would open what was meant to be narrow.
            if (!KEYS.contains(entry.getKey())) {
                throw new Refused(
                        "[[routes]] has path, methods and host, but no '" + Refused.shortened(entry.getKey()) + "'");
            }
        }
        return new Route(host(table.path("host")), path(table.path("path")), methods(table.path("methods")));
    }

    private static String path(JsonNode node) throws Refused {
        var path = node.asText("");
        if (!node.isTextual()
                || path.isEmpty()
                || path.length() > MAX_PATH
                || !PATH.matcher(path).matches()) {
            throw new Refused("routes.path must be such as \"/cart\", \"/users/{id}\" or \"/shop/*\", not '"
                    + Refused.shortened(path) + "'");
        }
        if (PlatformPaths.owns(path)) {
            throw new Refused("routes.path: '" + Refused.shortened(path) + "' is the platform's own");
        }
        for (var segment : path.substring(1).split("/", -1)) {
            var decoded = PathDecoder.decode(segment).orElse("");
            if ((decoded.isEmpty() && !segment.isEmpty()) || decoded.equals(".") || decoded.equals("..")) {
                throw new Refused("routes.path: no request has a segment '" + Refused.shortened(segment) + "'");
            }
        }
        return path;
    }

    private static String host(JsonNode node) throws Refused {
        if (node.isMissingNode()) {
            return "";
        }
        var host = node.asText("").toLowerCase(Locale.ROOT);
        if (!node.isTextual() || host.length() > 255 || !HOST.matcher(host).matches()) {
            throw new Refused("routes.host must be such as \"shop.example.com\" or \"*.example.com\", not '"
                    + Refused.shortened(host) + "'");
        }
        return host;
    }

    private static Set<String> methods(JsonNode node) throws Refused {
        var methods = new TreeSet<String>();
        for (var method : node) {
            if (!RunSettings.METHOD.matcher(method.asText()).matches()) {
                throw new Refused(
                        "routes.methods has an entry that is no method: " + Refused.shortened(method.asText()));
            }
            methods.add(method.textValue());
        }
        if (!node.isMissingNode() && (!node.isArray() || methods.isEmpty() || methods.size() > MAX_METHODS)) {
            throw new Refused("routes.methods must be a list of 1 to " + MAX_METHODS + " methods");
        }
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }
}
