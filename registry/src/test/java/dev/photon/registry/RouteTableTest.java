package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final Digest CONTENT = Digest.of(new byte[0]);

    @Test
    void aPathIsItsFunctions() {
        var table = table(function("cart", "/cart"), function("home", "/"));

        assertThat(found(table, "/cart")).isEqualTo("cart  /cart");
        assertThat(found(table, "/")).isEqualTo("home  /");
        assertThat(found(table, "/cart/")).isEqualTo("nothing");
        assertThat(found(table, "/carts")).isEqualTo("nothing");
        assertThat(found(table, "/Cart")).isEqualTo("nothing");
    }

    @Test
    void aStarIsWhateverFollowsAndTheFunctionSeesNoMore() {
        var table = table(function("shop", "/shop/*"), function("user", "/users/{id}/*"));

        assertThat(found(table, "/shop")).isEqualTo("shop /shop ");
        assertThat(found(table, "/shop/")).isEqualTo("shop /shop /");
        assertThat(found(table, "/shop/a%2Fb/c")).isEqualTo("shop /shop /a%2Fb/c");
        assertThat(found(table, "/shop//c")).isEqualTo("shop /shop //c");
        assertThat(found(table, "/shopping")).isEqualTo("nothing");
        assertThat(found(table, "/users/7/cart")).isEqualTo("user /users/7 /cart");
        assertThat(found(table, "/users//cart")).isEqualTo("nothing");
        assertThat(found(table(function("all", "/*")), "/a/b")).isEqualTo("all  /a/b");
    }

    @Test
    void theMostSpecificCounts() {
        var table = table(
                function("all", "/*"),
                function("users", "/users/*"),
                function("user", "/users/{id}"),
                function("me", "/users/me"),
                function("cart", "/{who}/me/cart"));

        assertThat(found(table, "/users/me")).isEqualTo("me  /users/me");
        assertThat(found(table, "/users/7")).isEqualTo("user  /users/7");
        assertThat(found(table, "/users/7/cart")).isEqualTo("users /users /7/cart");
        // Its first segment is more specific than that of the other, which is longer.
        assertThat(found(table, "/users/me/cart")).isEqualTo("users /users /me/cart");
        assertThat(found(table, "/x/me/cart")).isEqualTo("cart  /x/me/cart");
        assertThat(found(table, "/elsewhere")).isEqualTo("all  /elsewhere");
    }

    @Test
    void theHostCountsBeforeThePath() {
        var table = table(
                function("any", new Route("", "/a", Set.of())),
                function("below", new Route("*.example.com", "/*", Set.of())),
                function("deeper", new Route("*.b.example.com", "/*", Set.of())),
                function("exact", new Route("a.example.com", "/*", Set.of())));

        assertThat(found(table, "a.example.com", "/a", "GET")).startsWith("exact");
        assertThat(found(table, "b.example.com", "/a", "GET")).startsWith("below");
        assertThat(found(table, "a.b.example.com", "/a", "GET")).startsWith("deeper");
        assertThat(found(table, "example.com", "/a", "GET")).startsWith("any");
        assertThat(found(table, "", "/a", "GET")).startsWith("any");
        assertThat(found(table, "example.com", "/b", "GET")).isEqualTo("nothing");
    }

    @Test
    void aMethodThatARouteIsNotForGoesToALessSpecificOne() {
        var table = table(
                function("read", new Route("", "/a", Set.of("GET", "HEAD"))),
                function("write", new Route("", "/a", Set.of("PUT"))),
                function("any", "/{name}"),
                function("post", new Route("", "/b/c", Set.of("POST"))));

        assertThat(found(table, "", "/a", "GET")).startsWith("read");
        assertThat(found(table, "", "/a", "PUT")).startsWith("write");
        assertThat(found(table, "", "/a", "DELETE")).startsWith("any");
        assertThat(table.find("", "/b/c", "GET")).isEqualTo(new RouteTable.Match.OtherMethods(Set.of("POST")));
    }

    @Test
    void segmentsAreTheSameHoweverTheyAreEncoded() {
        var table = table(function("cafe", "/caf%C3%A9"), function("plain", "/~a"));

        assertThat(found(table, "/caf%c3%a9")).startsWith("cafe");
        assertThat(found(table, "/%7Ea")).startsWith("plain");
    }

    @Test
    void noRouteHasDotSegmentsOrBrokenPaths() {
        var table = table(function("all", "/*"));

        for (var path : List.of("/a/../b", "/.", "/%2e%2e/b", "/a/%zz", "/a%00", "*", "")) {
            assertThat(found(table, path)).as(path).isEqualTo("nothing");
        }
        assertThat(found(RouteTable.EMPTY, "/a")).isEqualTo("nothing");
    }

    @Test
    void whatIsHeldIsNotFree() {
        var latest = List.of(
                function("users", new Route("", "/users/{id}", Set.of("GET"))),
                function("own", new Route("a.example", "/x", Set.of())));

        assertThatThrownBy(() -> free(latest, "other", new Route("", "/users/{name}", Set.of())))
                .hasMessageContaining("'/users/{name}'")
                .hasMessageContaining("function 'users'")
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.verdict().kind()).isEqualTo(ErrorKind.IN_USE));
        assertThatCode(() -> {
                    free(latest, "other", new Route("", "/users/{name}", Set.of("PUT")));
                    free(latest, "other", new Route("", "/users/me", Set.of()));
                    free(latest, "other", new Route("b.example", "/x", Set.of()));
                    free(latest, "own", new Route("a.example", "/x", Set.of()));
                })
                .doesNotThrowAnyException();
    }

    private static void free(List<Manifest> latest, String function, Route route) throws Refused {
        RouteTable.requireFree(latest, function, "1.0.0", List.of(route));
    }

    /** Of all patterns that match, the one whose segments are first in the order literal, parameter, star. */
    @Property
    void agreesWithASimpleModel(@ForAll("patterns") Set<String> patterns, @ForAll("paths") String path) {
        var table = table(
                patterns.stream().map(pattern -> function(pattern, pattern)).toArray(Manifest[]::new));

        var expected = patterns.stream()
                .filter(pattern -> path.matches(pattern.replace("{x}", "[^/]+").replaceFirst("/\\*$", "(/.*)?")))
                .min((left, right) -> rank(left).compareTo(rank(right)))
                .orElse("nothing");
        assertThat(found(table, path).split(" ", -1)[0]).isEqualTo(expected);
    }

    private static String rank(String pattern) {
        return String.join(
                "",
                Arrays.stream(pattern.substring(1).split("/", -1))
                        .map(segment -> segment.equals("*") ? "9" : segment.equals("{x}") ? "5" : "1")
                        .toList());
    }

    @Provide
    Arbitrary<Set<String>> patterns() {
        var segment = Arbitraries.of("/a", "/b", "/{x}");
        var end = Arbitraries.of("", "/*", "/");
        return segment.list()
                .ofMaxSize(4)
                .flatMap(segments -> end.map(last -> String.join("", segments) + last))
                .filter(pattern -> !pattern.isEmpty())
                .set()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("/", "/a", "/b", "/c")
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(all -> String.join("", all));
    }

    private static Manifest function(String name, String path) {
        return function(name, new Route("", path, Set.of()));
    }

    private static Manifest function(String name, Route route) {
        return Generated.manifest(name, "1.0.0", CONTENT, List.of(route));
    }

    private static RouteTable table(Manifest... latest) {
        return RouteTable.of(List.of(latest));
    }

    private static String found(RouteTable table, String path) {
        return found(table, "", path, "GET");
    }

    private static String found(RouteTable table, String host, String path, String method) {
        return table.find(host, path, method) instanceof RouteTable.Match.Found match
                ? match.function() + " " + match.prefix() + " " + match.rest()
                : "nothing";
    }
}
