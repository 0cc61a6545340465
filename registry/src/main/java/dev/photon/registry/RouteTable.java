package dev.photon.registry;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.PathDecoder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which function a host, a path and a method are routed to. Of the routes that match the most specific counts: first by
 * host, then segment by segment, where a literal goes before a parameter, and that before the rest. Immutable.
 */
public final class RouteTable {
    static final RouteTable EMPTY = new RouteTable();

    private static final String ANY_HOST = "";

    private final Map<String, Node> hosts = new HashMap<>();

    /** Who has a route. */
    record Holder(Route route, String function) {}

    /** What a request comes to. */
    public sealed interface Match {
        /**
         * @param prefix of the request's path, what stands before what the star stands for; empty without a star
         * @param rest what the star stands for, or the whole path; percent-encoded as it came
         */
        record Found(String function, String prefix, String rest) implements Match {}

        /** There are routes, but for other methods. */
        record OtherMethods(Set<String> allowed) implements Match {}

        record Nothing() implements Match {}
    }

    private static final Match NOTHING = new Match.Nothing();

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();
        Optional<Node> parameter = Optional.empty();
        final List<Holder> here = new ArrayList<>();
        /** Those whose star stands here. */
        final List<Holder> below = new ArrayList<>();

        Node at(String segment) {
            if (!Route.isParameter(segment)) {
                return literals.computeIfAbsent(PathDecoder.decode(segment).orElseThrow(), added -> new Node());
            }
            parameter = parameter.or(() -> Optional.of(new Node()));
            return parameter.get();
        }
    }

    private RouteTable() {}

    /**
     * @param latest the version of each function that its routes lead to
     */
    static RouteTable of(Collection<Manifest> latest) {
        var table = new RouteTable();
        for (var manifest : latest) {
            for (var route : manifest.routes()) {
                table.holders(route).add(new Holder(route, manifest.name()));
            }
        }
        return table;
    }

    /** All that have the route's host and pattern, whatever they call its parameters. */
    private List<Holder> holders(Route route) {
        var node = hosts.computeIfAbsent(route.host(), added -> new Node());
        for (var segment : route.path().substring(1).split("/", -1)) {
            if (segment.equals(Route.REST)) {
                return node.below;
            }
            node = node.at(segment);
        }
        return node.here;
    }

    /**
     * @throws Refused when a request could be for two of them alike
     */
    static void requireApart(List<Route> routes) throws Refused {
        var table = new RouteTable();
        for (var route : routes) {
            var alike = table.holders(route);
            for (var other : alike) {
                if (other.route().sharesMethod(route)) {
                    throw new Refused("routes: '%s' and '%s' are the same".formatted(other.route(), route));
                }
            }
            alike.add(new Holder(route, ""));
        }
    }

    /**
     * @throws Refused when one of the routes, which that version would have as the latest, is another function's
     */
    static void requireFree(Collection<Manifest> latest, String function, String version, List<Route> routes)
            throws Refused {
        var others = of(latest.stream()
                .filter(manifest -> !manifest.name().equals(function))
                .toList());
        for (var route : routes) {
            for (var holder : others.holders(route)) {
                if (holder.route().sharesMethod(route)) {
                    throw new Refused(
                            ErrorKind.IN_USE,
                            "version %s of %s would be found at '%s', where function '%s' is, at '%s'"
                                    .formatted(version, function, route, holder.function(), holder.route()));
                }
            }
        }
    }

    /**
     * @param host without a port, in lower case; may be empty
     * @param path percent-encoded; one with dot segments (RFC 3986, section 5.2.4) is nobody's
     */
    public Match find(String host, String path, String method) {
        if (hosts.isEmpty()) {
            return NOTHING;
        }
        var segments = Segments.of(path);
        return segments.isPresent() ? new Search(segments.get(), method).find(host) : NOTHING;
    }

    /** A path, by its segments. */
    private record Segments(String path, List<String> decoded, List<Integer> begins) {
        static Optional<Segments> of(String path) {
            var decoded = new ArrayList<String>();
            var begins = new ArrayList<Integer>();
            if (!path.startsWith("/")) {
                return Optional.empty();
            }
            for (int slash = 0; slash >= 0 && slash < path.length(); ) {
                var next = path.indexOf('/', slash + 1);
                var segment = PathDecoder.decode(path.substring(slash + 1, next < 0 ? path.length() : next));
                if (segment.isEmpty()
                        || segment.get().equals(".")
                        || segment.get().equals("..")) {
                    return Optional.empty();
                }
                decoded.add(segment.get());
                begins.add(slash);
                slash = next;
            }
            return Optional.of(new Segments(path, decoded, begins));
        }

        int count() {
            return decoded.size();
        }

        int begin(int index) {
            return index == count() ? path.length() : begins.get(index);
        }
    }

    private final class Search {
        private final Segments segments;
        private final String method;
        private final Set<String> others = new TreeSet<>();

        Search(Segments segments, String method) {
            this.segments = segments;
            this.method = method;
        }

        Match find(String host) {
            var found = on(host);
            for (int dot = host.indexOf('.'); found.isEmpty() && dot >= 0; dot = host.indexOf('.', dot + 1)) {
                found = on("*" + host.substring(dot));
            }
            if (found.isEmpty() && !host.equals(ANY_HOST)) {
                found = on(ANY_HOST);
            }
            return found.orElseGet(() -> others.isEmpty() ? NOTHING : new Match.OtherMethods(others));
        }

        private Optional<Match> on(String host) {
            var root = hosts.get(host);
            return root == null ? Optional.empty() : below(root, 0);
        }

        private Optional<Match> below(Node node, int index) {
            if (index < segments.count()) {
                var segment = segments.decoded().get(index);
                var literal = node.literals.get(segment);
                var found = literal == null ? Optional.<Match>empty() : below(literal, index + 1);
                if (found.isEmpty() && node.parameter.isPresent() && !segment.isEmpty()) {
                    found = below(node.parameter.get(), index + 1);
                }
                if (found.isPresent()) {
                    return found;
                }
            } else {
                var here = holder(node.here);
                if (here.isPresent()) {
                    return Optional.of(new Match.Found(here.get().function(), "", segments.path()));
                }
            }
            var begin = segments.begin(index);
            return holder(node.below)
                    .map(holder -> new Match.Found(
                            holder.function(),
                            segments.path().substring(0, begin),
                            segments.path().substring(begin)));
        }

        private Optional<Holder> holder(List<Holder> holders) {
            for (var holder : holders) {
                if (holder.route().takes(method)) {
                    return Optional.of(holder);
                }
                others.addAll(holder.route().methods());
            }
            return Optional.empty();
        }
    }
}
