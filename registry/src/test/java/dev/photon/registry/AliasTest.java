package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AliasTest {
    private static final String ONE = "[{\"version\":\"1.0.0\",\"weight\":1}]";

    @Test
    void drawsByWeight() {
        var alias = alias("[{\"version\":\"1.0.0\",\"weight\":9},{\"version\":\"2.0.0\",\"weight\":1}]");
        var random = new Random(1);
        var calls = 100_000;

        var second = random.ints(calls)
                .mapToObj(bits -> HexFormat.of().toHexDigits(bits) + "c0ffee")
                .filter(id -> alias.versionFor(id, any -> true).equals(Optional.of("2.0.0")))
                .count();

        var deviation = Math.sqrt(calls * 0.1 * 0.9);
        assertThat((double) second).isCloseTo(calls * 0.1, within(5 * deviation));
    }

    @Property
    void drawsTheSameVersionForTheSameId(@ForAll String id) {
        var alias = alias("[{\"version\":\"1.0.0\",\"weight\":0.5},{\"version\":\"2.0.0\",\"weight\":0.5}]");

        assertThat(alias.versionFor(id, any -> true)).isEqualTo(alias.versionFor(id, any -> true));
    }

    @Property
    void neverDrawsAVersionWithoutWeight(@ForAll String id) {
        var alias = alias("[{\"version\":\"1.0.0\",\"weight\":3},{\"version\":\"2.0.0\",\"weight\":0}]");

        assertThat(alias.versionFor(id, any -> true)).contains("1.0.0");
    }

    @Test
    void readsVersionsAndWeights() {
        assertThat(alias("[{\"version\":\"1.0.0\",\"weight\":0.25},{\"version\":\"1.1.0\",\"weight\":1e3}]")
                        .targets())
                .isEqualTo(List.of(new Alias.Target("1.0.0", 0.25), new Alias.Target("1.1.0", 1000)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{|not JSON",
                "` `|array",
                "{}|array",
                "[]|array",
                "[1]|version",
                "[{\"weight\":1}]|version",
                "[{\"version\":\"1\",\"weight\":1}]|version",
                "[{\"version\":\"1.0.0\"}]|weight",
                "[{\"version\":\"1.0.0\",\"weight\":\"1\"}]|weight",
                "[{\"version\":\"1.0.0\",\"weight\":-1}]|weight",
                "[{\"version\":\"1.0.0\",\"weight\":1e10}]|weight",
                "[{\"version\":\"1.0.0\",\"weight\":0}]|zero",
                "[{\"version\":\"1.0.0\",\"weight\":1},{\"version\":\"1.0.0\",\"weight\":1}]|twice"
            })
    void refusesWhatIsNoSetOfWeights(String json, String reason) {
        assertThat(refusal("live", json)).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.0.0", "latest", "a/b", "-a", "..", "über", "a b"})
    void refusesANameThatCouldBeSomethingElse(String name) {
        assertThat(refusal(name, ONE)).contains("an alias is");
    }

    private static Alias alias(String json) {
        try {
            return AliasTargets.parse("f", "live", json.getBytes(UTF_8));
        } catch (Refused e) {
            throw new AssertionError(e);
        }
    }

    private static String refusal(String name, String json) {
        var refused = catchThrowableOfType(Refused.class, () -> AliasTargets.parse("f", name, json.getBytes(UTF_8)));
        assertThat(refused).as("a refusal").isNotNull();
        return refused.getMessage();
    }
}
