package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Digest;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What regions make of functions that each of them changes while it does not hear of the others. */
class MergedFunctionsTest {
    private static final Digest A = Digest.of(new byte[] {1});
    private static final Digest B = Digest.of(new byte[] {2});
    private static final int ALL = Integer.MAX_VALUE;

    private final TestingRegion us = new TestingRegion("us", 1_000);
    private final TestingRegion eu = new TestingRegion("eu", 1_000);

    /** One thing that happens. */
    record Step(int what, int where, int other, String function, String version, Digest content) {
        void happen(List<TestingRegion> regions, Random random) {
            var region = regions.get(where);
            region.clock += content.equals(A) ? 1 : 0;
            switch (what) {
                case 0, 1 -> region.deploy(function, version, content);
                case 2 -> region.delete(function, version);
                case 3, 4 -> region.setAlias(function, "live", version);
                case 5 -> region.deleteAlias(function, "live");
                case 6 -> region.restart(random);
                case 10 -> region.drain(other == 0 ? "us" : "eu", content.equals(A));
                default -> {
                    if (other != where) {
                        region.copy(regions.get(other), what - 6);
                    }
                }
            }
        }
    }

    @Property(tries = 2000)
    void allSeeTheSameOnceTheyHaveHeardOfAll(@ForAll("steps") List<Step> steps, @ForAll long seed) {
        var random = new Random(seed);
        var regions =
                List.of(new TestingRegion("us", 1_000), new TestingRegion("eu", 1_500), new TestingRegion("ap", 0));

        steps.forEach(step -> step.happen(regions, random));
        regions.forEach(
                region -> regions.stream().filter(other -> other != region).forEach(other -> region.copy(other, ALL)));

        assertThat(regions.get(1).seen()).isEqualTo(regions.get(0).seen());
        assertThat(regions.get(2).seen()).isEqualTo(regions.get(0).seen());
        regions.get(0).restart(random);
        assertThat(regions.get(0).seen()).isEqualTo(regions.get(1).seen());
    }

    @Property
    void aVersionThatNobodyDeletesStays(@ForAll("steps") List<Step> steps, @ForAll long seed) {
        var random = new Random(seed);
        var regions = List.of(us, eu, new TestingRegion("ap", 0));
        regions.get(2).deploy("kept", "1.0.0", A);

        steps.forEach(step -> step.happen(regions, random));
        eu.copy(regions.get(2), ALL);

        assertThat(eu.content("kept", "1.0.0")).contains(A);
    }

    @Test
    void ofARegionThatIsDrainedTheLastWordCountsWhoeverSaidIt() {
        us.drain("us", true);
        eu.copy(us, ALL);
        eu.drain("us", false);

        us.copy(eu, ALL);

        assertThat(us.table().wished("us").map(RegionState::draining)).contains(false);
        assertThat(us.seen()).isEqualTo(eu.seen());
    }

    @Test
    void aCopyIsCompleteWhenItSaysTheSameAsItsRegion() {
        us.deploy("f", "1.0.0", A);
        us.deploy("f", "1.1.0", A);

        eu.copy(us, 1);
        assertThat(eu.table().latestStamp("us")).isLessThan(us.table().latestStamp("us"));

        eu.copy(us, ALL);
        assertThat(eu.table().latestStamp("us")).isEqualTo(us.table().latestStamp("us"));
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 10),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of("f", "g"),
                        Arbitraries.of("1.0.0", "1.1.0"),
                        Arbitraries.of(A, B))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    private void meet() {
        us.copy(eu, ALL);
        eu.copy(us, ALL);
    }

    @Test
    void ofOneVersionWithTwoContentsTheFirstHoldsEverywhere() {
        us.deploy("f", "1.0.0", A);
        eu.clock = 2_000;
        eu.deploy("f", "1.0.0", B);
        meet();

        assertThat(us.content("f", "1.0.0")).contains(A);
        assertThat(eu.content("f", "1.0.0")).contains(A);
        assertThat(eu.table().function("f").conflicting("1.0.0"))
                .extracting(Register.Said::origin)
                .containsExactly("eu");
    }

    @Test
    void atTheSameMomentTheRegionsNameDecides() {
        us.deploy("f", "1.0.0", A);
        eu.deploy("f", "1.0.0", B);
        meet();

        assertThat(us.content("f", "1.0.0")).contains(B);
        assertThat(eu.content("f", "1.0.0")).contains(B);
    }

    @Test
    void theSameContentInTwoRegionsIsNoConflict() {
        us.deploy("f", "1.0.0", A);
        eu.deploy("f", "1.0.0", A);
        meet();

        assertThat(us.table().function("f").conflicting("1.0.0")).isEmpty();
    }

    @Test
    void aDeletionEndsWhatWasKnownAndNothingElse() {
        us.deploy("f", "1.0.0", A);
        eu.copy(us, ALL);
        us.delete("f", "1.0.0");
        eu.clock = 5_000;
        eu.deploy("f", "1.1.0", B);
        meet();

        assertThat(eu.content("f", "1.0.0")).isEmpty();
        assertThat(us.content("f", "1.1.0")).contains(B);
    }

    @Test
    void anybodyMayDeleteWhatOthersDeployed() {
        us.deploy("f", "1.0.0", A);
        meet();
        eu.delete("f", "1.0.0");
        meet();

        assertThat(us.content("f", "1.0.0")).isEmpty();
        assertThat(us.table().has("f")).isFalse();
    }

    /** Its region forgets the deletion when it writes over it, and with it that another one's version was meant, too. */
    @Test
    void whatWasDeletedStaysDeletedWhenItIsDeployedAgain() {
        eu.deploy("f", "1.0.0", B);
        us.copy(eu, ALL);
        us.delete("f", "1.0.0");
        us.deploy("f", "1.0.0", A);
        meet();

        assertThat(eu.content("f", "1.0.0")).contains(A);
        assertThat(eu.table().function("f").conflicting("1.0.0")).isEmpty();
    }

    @Test
    void theLastWordOnAnAliasCounts() {
        us.deploy("f", "1.0.0", A);
        us.deploy("f", "1.1.0", B);
        us.setAlias("f", "live", "1.0.0");
        eu.copy(us, ALL);
        // Its clock is behind, but it has seen what it changes.
        eu.clock = 0;
        eu.setAlias("f", "live", "1.1.0");
        meet();

        assertThat(us.table().function("f").alias("live").map(Alias::targets))
                .contains(List.of(new Alias.Target("1.1.0", 1)));
        assertThat(us.seen()).isEqualTo(eu.seen());
    }

    @Test
    void aVersionOfAnotherRegionRunsOnceItsContentLiesHere() {
        us.deploy("f", "1.0.0", A);
        eu.copy(us, ALL);
        assertThat(eu.table().function("f").here("1.0.0")).isEmpty();

        var here = new Artifact(A, 3, new Manifest.Chunks(7, 70, 70, 1));
        eu.table().apply("eu", new Stamped(new State.Placed(here), "eu", Stamp.at(9)));

        assertThat(eu.table().function("f").here("1.0.0").map(Manifest::module)).contains(here);
        assertThat(eu.table().latest("f").map(Manifest::module)).contains(here);
    }

    /** Or a second deployment of the same would take down what runs. */
    @Test
    void whatIsDeployedInBothGoesOnRunningInBoth() {
        us.deploy("f", "1.0.0", A);
        eu.clock = 2_000;
        eu.deploy("f", "1.0.0", A);
        meet();

        assertThat(eu.table().function("f").here("1.0.0")).isPresent();
        assertThat(us.table().function("f").here("1.0.0")).isPresent();
    }

    @Test
    void theSameContentWithOtherSettingsIsAConflict() {
        us.deploy("f", "1.0.0", A);
        var other = new Route("", "/shop", Set.of());
        var state = new State.Version(Generated.manifest("f", "1.0.0", A, List.of(other)));
        us.table().apply("eu", new Stamped(state, "eu", Stamp.at(Long.MAX_VALUE / 2)));

        assertThat(us.table().function("f").conflicting("1.0.0"))
                .extracting(Register.Said::origin)
                .containsExactly("eu");
    }

    @Test
    void aVersionThatIsPlacedElsewhereIsKnownAndDoesNotRun() {
        var placed = Generated.manifest("f", "1.0.0", A, new Placement(List.of("us*"), List.of()));
        eu.table().apply("us", new Stamped(new State.Version(placed), "us", Stamp.at(1)));
        eu.table().apply("eu", new Stamped(new State.Placed(placed.module()), "eu", Stamp.at(9)));

        assertThat(eu.table().function("f").versions().get("1.0.0").presence()).isEqualTo(Deployed.Presence.ELSEWHERE);
    }

    /** MirrorMaker 2 copies all that stands in the log. */
    @Test
    void whatIsARegionsOwnIsNotTakenOfOthers() {
        us.deploy("f", "1.0.0", A);
        eu.copy(us, ALL);
        var artifact = new Artifact(A, 3, new Manifest.Chunks(7, 70, 70, 1));
        for (var own : List.of(
                new State.Placed(artifact),
                new State.Condemnation(new Condemned(A, 7, 1, 0)),
                new State.Sealed(new Secret("password", new byte[] {1}, 0)))) {
            eu.table().apply("us", new Stamped(own, "us", Stamp.at(9)));
        }

        assertThat(eu.table().function("f").here("1.0.0")).isEmpty();
        assertThat(eu.table().placed()).isEmpty();
        assertThat(eu.table().condemned()).isEmpty();
        assertThat(eu.table().secrets()).isEmpty();
    }

    /** Though names may be the same. */
    @Test
    void whatAnotherRegionTakesBackOfItsOwnStaysHere() {
        var artifact = new Artifact(A, 3, new Manifest.Chunks(7, 70, 70, 1));
        for (var own : List.of(
                new State.Placed(artifact),
                new State.Condemnation(new Condemned(A, 7, 1, 0)),
                new State.Sealed(new Secret("password", new byte[] {1}, 0)))) {
            eu.table().apply("eu", new Stamped(own, "eu", Stamp.at(1)));
        }
        for (var taken : List.of(new State.NoPlaced(A), new State.NoCondemnation(A), new State.NoSecret("password"))) {
            eu.table().apply("us", new Stamped(taken, "us", Stamp.at(9)));
        }

        assertThat(eu.table().placed()).extracting(Artifact::digest).containsExactly(A);
        assertThat(eu.table().condemned()).containsKey(A);
        assertThat(eu.table().secrets()).containsKey("password");
    }

    @Test
    void anErasedKeyIsAsIfItsRegionHadSaidNothing() {
        us.deploy("f", "1.0.0", A);
        eu.deploy("f", "1.0.0", A);
        meet();
        eu.table().apply("us", new Stamped(new State.Erased("version/f/1.0.0"), "us", Stamp.at(0)));

        assertThat(eu.content("f", "1.0.0")).contains(A);
        eu.delete("f", "1.0.0");
        assertThat(eu.content("f", "1.0.0")).isEqualTo(Optional.empty());
    }
}
