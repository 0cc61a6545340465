package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementTest {
    private static FunctionConfig parse(String placement) throws Refused {
        return FunctionConfig.parse("name = \"hello\"\nversion = \"1.0.0\"\n[placement]\n" + placement);
    }

    @Test
    void readsWhereAFunctionRuns() throws Refused {
        var config = parse("regions = [\"us-east\", \"eu-*\"]\nexclude = [\"eu-north\"]");

        assertThat(config.placement()).isEqualTo(new Placement(List.of("us-east", "eu-*"), List.of("eu-north")));
        assertThat(config.warning()).isEmpty();
    }

    @Test
    void aFunctionThatSaysNothingRunsEverywhere() throws Refused {
        assertThat(parse("").placement()).isEqualTo(Placement.EVERYWHERE);
        assertThat(parse("exclude = [\"eu\"]").placement().includes("us")).isTrue();
        assertThat(parse("exclude = [\"eu\"]").placement().includes("eu")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "regions = []",
                "regions = \"eu\"",
                "regions = [\"e.u\"]",
                "regions = [1.5]",
                "regions = [[\"eu\"]]",
                "exclude = \"eu\"",
                "exclude = [\"\"]"
            })
    void refusesWhatNamesNoRegion(String placement) {
        assertThatThrownBy(() -> parse(placement)).isInstanceOf(Refused.class).hasMessageContaining("placement.");
    }

    @Test
    void aStarStandsForAnyCharacters() {
        var placement = new Placement(List.of("us-east", "eu-*", "*-2"), List.of("eu-north"));

        assertThat(List.of("us-east", "eu-", "eu-west", "ap-2")).allMatch(placement::includes);
        assertThat(List.of("us-east-1", "us", "eu", "eu-north", "ap-22", "")).noneMatch(placement::includes);
    }

    /** Manifests of other regions are not checked again. */
    @Test
    void manyStarsTakeNoLongerThanOne() {
        var stars = "*".repeat(63);

        assertThat(new Placement(List.of(stars + "x"), List.of()).includes("eu-central-1"))
                .isFalse();
        assertThat(new Placement(List.of(stars), List.of()).includes("eu-central-1"))
                .isTrue();
        assertThat(new Placement(List.of("a*".repeat(31) + "b"), List.of()).includes("a".repeat(64)))
                .isFalse();
        assertThat(new Placement(List.of("*a*ab"), List.of()).includes("aaaab")).isTrue();
    }

    /** A name is never a pattern, whatever characters it has. */
    @Test
    void everythingElseStandsForItself() {
        assertThat(new Placement(List.of("a.c"), List.of()).includes("abc")).isFalse();
        assertThat(new Placement(List.of("\\Ea"), List.of()).includes("\\Ea")).isTrue();
    }
}
