package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.photon.protocol.Digest;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionTableTest {
    private static final Digest A = Digest.of(new byte[] {1});
    private static final Digest B = Digest.of(new byte[] {2});

    @Test
    void theLatestIsTheHighestVersionHoweverTheyCame() {
        assertThat(latest("1.9.0", "1.10.0", "1.2.0")).contains("1.10.0");
    }

    @Test
    void aPreReleaseIsNotTheLatestWhileThereIsARelease() {
        assertThat(latest("1.0.0", "2.0.0-rc.1")).contains("1.0.0");
    }

    @Test
    void ofPreReleasesAloneTheHighestIsTheLatest() {
        assertThat(latest("1.0.0-alpha.9", "1.0.0-alpha.10", "1.0.0-alpha")).contains("1.0.0-alpha.10");
    }

    @Test
    void versionsThatDifferInBuildMetadataAloneStayApart() {
        var table = table("1.0.0+a", "1.0.0+b");

        assertThat(table.version("f", "1.0.0+a")).isPresent();
        assertThat(table.version("f", "1.0.0+b")).isPresent();
        assertThat(table.version("f", "1.0.0")).isEmpty();
    }

    @Test
    void functionsDoNotSeeEachOther() {
        var table = new FunctionTable("here");
        table.apply("here", Generated.written(new State.Version(Generated.manifest("b", "1.0.0", A))));
        table.apply("here", Generated.written(new State.Version(Generated.manifest("a", "2.0.0", B))));

        assertThat(table.names()).containsExactly("a", "b");
        assertThat(table.has("a")).isTrue();
        assertThat(table.has("c")).isFalse();
        assertThat(table.latest("c")).isEmpty();
        assertThat(table.version("a", "1.0.0")).isEmpty();
        assertThat(table.with(B)).extracting(Manifest::name).containsExactly("a");
        assertThat(table.with(Digest.of(new byte[0]))).isEmpty();
    }

    /** What a caller asks for comes straight from a path or a header. */
    @ParameterizedTest
    @ValueSource(strings = {"", "latest", "1", "1.0", "prod", " ", "1.0.0-99999999999999999999"})
    void aVersionThatIsNoneIsNotFound(String version) {
        assertThat(table("1.0.0", "1.0.0-1").version("f", version)).isEmpty();
    }

    @Test
    void aVersionIsFoundByItsOwnTextOnly() {
        var table = table("1.0.0");

        assertThat(table.version("f", "v1.0.0")).isEmpty();
        assertThat(table.version("f", " 1.0.0")).isEmpty();
    }

    /** Semantic versioning bounds no number; a registry that accepted one must not end every reader of its log. */
    @Test
    void numbersOfAPreReleaseMayBeOfAnyLength() {
        assertThatCode(() -> table("1.0.0-99999999999999999998", "1.0.0-99999999999999999999"))
                .doesNotThrowAnyException();
        assertThat(latest("1.0.0-99999999999999999999", "1.0.0-99999999999999999998"))
                .contains("1.0.0-99999999999999999999");
    }

    @Property
    void agreesWithASimpleModel(@ForAll("versions") List<String> versions) {
        var table = table(versions.toArray(String[]::new));

        assertThat(table.latest("f").map(Manifest::version)).isEqualTo(model(versions));
        assertThat(new HashSet<>(versions))
                .allSatisfy(version -> assertThat(table.version("f", version).map(Manifest::version))
                        .contains(version));
    }

    private static Optional<String> model(List<String> versions) {
        Predicate<String> stable = version -> !withoutBuild(version).contains("-");
        var candidates = versions.stream().anyMatch(stable)
                ? versions.stream().filter(stable).toList()
                : versions;
        Comparator<String> precedence = FunctionTableTest::precedence;
        return candidates.stream().max(precedence.thenComparing(Comparator.naturalOrder()));
    }

    /** Semantic versioning 2.0.0, section 11. */
    private static int precedence(String left, String right) {
        var a = withoutBuild(left).split("-", 2);
        var b = withoutBuild(right).split("-", 2);
        var core = identifiers(a[0], b[0]);
        if (core != 0) {
            return core;
        }
        if (a.length != b.length) {
            return b.length - a.length;
        }
        return a.length == 1 ? 0 : identifiers(a[1], b[1]);
    }

    private static int identifiers(String left, String right) {
        var a = List.of(left.split("\\.", -1));
        var b = List.of(right.split("\\.", -1));
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            var order = identifier(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private static int identifier(String left, String right) {
        var numbers = (left.matches("\\d+") ? 0 : 1) - (right.matches("\\d+") ? 0 : 1);
        if (numbers != 0) {
            return numbers;
        }
        return left.matches("\\d+")
                ? Integer.compare(Integer.parseInt(left), Integer.parseInt(right))
                : left.compareTo(right);
    }

    private static String withoutBuild(String version) {
        var plus = version.indexOf('+');
        return plus < 0 ? version : version.substring(0, plus);
    }

    private static Optional<String> latest(String... versions) {
        return table(versions).latest("f").map(Manifest::version);
    }

    private static FunctionTable table(String... versions) {
        var table = new FunctionTable("here");
        for (var version : versions) {
            table.apply("here", Generated.written(new State.Version(Generated.manifest("f", version, A))));
        }
        return table;
    }

    @Provide
    Arbitrary<List<String>> versions() {
        return Generated.versions().list().ofMinSize(1).ofMaxSize(8);
    }
}
