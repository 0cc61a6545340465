package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.photon.ingress.overflow.OtherRegion;
import dev.photon.registry.Manifest;
import dev.photon.registry.Placement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where calls go, by what probes find. */
class OverflowTest {
    private TestingRegion distant;
    private TestingRegion near;
    private TestingOverflow here;

    @BeforeEach
    void start() {
        distant = TestingRegion.start("distant").far();
        near = TestingRegion.start("near");
        here = TestingOverflow.to(distant.setting(), near.setting());
    }

    @AfterEach
    void stop() {
        here.close();
        near.close();
        distant.close();
    }

    private List<String> way(Placement placement) {
        return here.overflow().way(placement, Optional.empty()).stream()
                .map(OtherRegion::name)
                .toList();
    }

    private void awaitState(int region, String state) {
        Awaitility.await().until(() -> here.other(region).state().equals(state));
    }

    @Test
    void theNearestRegionComesFirst() {
        Awaitility.await()
                .until(() -> here.overflow().others().stream()
                        .allMatch(region -> region.roundTrip().isPresent()));

        assertThat(way(Placement.EVERYWHERE)).containsExactly("near", "distant");
    }

    @Test
    void theRegionThatAVersionComesFromIsAskedBeforeNearerOnes() {
        Awaitility.await()
                .until(() -> here.overflow().others().stream()
                        .allMatch(region -> region.roundTrip().isPresent()));

        assertThat(here.overflow().way(Placement.EVERYWHERE, Optional.empty(), "distant"))
                .extracting(OtherRegion::name)
                .containsExactly("distant", "near");
    }

    @Test
    void aCallGoesOnlyWhereTheFunctionIsPlaced() {
        assertThat(way(new Placement(List.of("dist*"), List.of()))).containsExactly("distant");
    }

    @Test
    void aCallThatWasForwardedGoesNoFurther() {
        assertThat(here.overflow().way(Placement.EVERYWHERE, Optional.of(Hop.parse("distant"))))
                .isEmpty();
    }

    @Test
    void aRegionThatFailsIsLeftOutUntilAProbeIsAnswered() {
        awaitState(1, "serving");
        near.breaksOff(true);
        here.other(1).failed();
        here.other(1).failed();
        here.other(1).failed();
        assertThat(way(Placement.EVERYWHERE)).doesNotContain("near");

        near.breaksOff(false);

        awaitState(1, "serving");
        assertThat(way(Placement.EVERYWHERE)).contains("near");
    }

    @Test
    void aRegionThatIsNotReadyGetsNoCalls() {
        near.readyWith(503);

        awaitState(1, "unready");

        assertThat(way(Placement.EVERYWHERE)).doesNotContain("near");
    }

    @Test
    void aRegionWhoseLogIsAwayGetsNoCalls() {
        near.stuck();

        awaitState(1, "unready");
    }

    @Test
    void aRegionThatDrainsIsAskedLast() {
        near.drains();

        awaitState(1, "draining");
        awaitState(0, "serving");

        assertThat(way(Placement.EVERYWHERE)).containsExactly("distant", "near");
    }

    private List<String> better() {
        return here
                .overflow()
                .better(Placement.EVERYWHERE, Manifest.Scaling.DEFAULT.pool(), Optional.empty(), 1_000)
                .stream()
                .map(OtherRegion::name)
                .toList();
    }

    @Test
    void aCallStaysHereUnlessAnotherRegionIsBetter() {
        assertThat(better()).isEmpty();
    }

    @Test
    void aRegionThatDrainsOrIsLateHasOthersAnswerThatDoNotDrain() {
        near.drains();
        awaitState(1, "draining");

        here.late();
        assertThat(better()).containsExactly("distant");

        here.hearsay().drain("distant");
        assertThat(better()).isEmpty();
    }

    @Test
    void aRegionThatOurLogSaysDrainsForwardsWhatItGets() {
        here.hearsay().drain("here");

        assertThat(better()).containsExactlyInAnyOrder("distant", "near");
        assertThat(here.overflow()
                        .better(
                                Placement.EVERYWHERE,
                                Manifest.Scaling.DEFAULT.pool(),
                                Optional.of(Hop.parse("distant")),
                                1_000))
                .isEmpty();
    }

    @Test
    void aCopyIsBehindUntilItHasWhatItsRegionHas() {
        near.changed(7);
        here.hearsay().knows(6);
        Awaitility.await()
                .until(() -> here.other(1).lag().filter(Duration.ZERO::equals).isEmpty()
                        && here.other(1).lag().isPresent());

        here.hearsay().knows(7);

        assertThat(here.other(1).lag()).contains(Duration.ZERO);
        assertThat(here.other(1).currentAt()).isPresent();
    }

    @Test
    void aUrlThatLeadsToAnotherRegionIsNoneOfThisOne() {
        here.close();
        here = TestingOverflow.to(near.setting().replace("near ", "other "));

        awaitState(0, "unready");
    }

    @Test
    void certificatesThatCannotBeReadAreRefusedAtTheStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestingOverflow.trusting("/nowhere.pem", near.setting()))
                .withMessageContaining("/nowhere.pem");
    }
}
