package dev.photon.ingress.overflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OtherRegionsTest {
    private final TestingHearsay hearsay = new TestingHearsay();
    private final OtherRegions regions = new OtherRegions(
            RegionConfig.read(new Settings(Map.of(
                            "PHOTON_REGION",
                            "us",
                            "PHOTON_REGIONS",
                            "us k:9092 http://us; eu k:9092 https://eu; ap k:9092 http://[::1]:8080")::get))
                    .others(),
            hearsay);
    private final OtherRegion eu = regions.all().get(0);
    private final OtherRegion ap = regions.all().get(1);

    private List<OtherRegion> nearest() {
        return regions.nearest(name -> true);
    }

    @Test
    void theNearestComesFirst() {
        eu.measured(Duration.ofMillis(100));
        ap.measured(Duration.ofMillis(90));

        assertThat(nearest()).containsExactly(ap, eu);
    }

    @Test
    void thoseThatWereNotMeasuredComeLast() {
        ap.measured(Duration.ofMillis(90));

        assertThat(nearest()).containsExactly(ap, eu);
    }

    @Test
    void whatIsNotPlacedThereIsNotSentThere() {
        assertThat(regions.nearest("eu"::equals)).containsExactly(eu);
    }

    @Test
    void nothingGoesToARegionThatIsAwayOrNotReady() {
        eu.failed();
        eu.failed();
        eu.failed();
        ap.unready();

        assertThat(nearest()).isEmpty();
        assertThat(eu.state()).isEqualTo("unreachable");
        assertThat(ap.state()).isEqualTo("unready");
    }

    @Test
    void thoseThatSayThatTheyDrainComeBehindAllOthers() {
        eu.draining(Duration.ofMillis(1));
        ap.measured(Duration.ofMillis(90));

        assertThat(nearest()).containsExactly(ap, eu);
        assertThat(eu.state()).isEqualTo("draining");

        eu.measured(Duration.ofMillis(1));
        assertThat(nearest()).containsExactly(eu, ap);
    }

    @Test
    void thoseThatOurLogSaysDrainDoSoToo() {
        eu.measured(Duration.ofMillis(1));
        ap.measured(Duration.ofMillis(90));

        hearsay.drain("eu");

        assertThat(nearest()).containsExactly(ap, eu);
        assertThat(eu.state()).isEqualTo("draining");
    }

    @Test
    void aRegionThatIsAwayIsAwayAlsoWhenItDrains() {
        hearsay.drain("eu");
        eu.failed();
        eu.failed();
        eu.failed();

        assertThat(eu.state()).isEqualTo("unreachable");
        assertThat(nearest()).containsExactly(ap);
    }

    @Test
    void aUrlsPortIsThatOfItsSchemeUnlessItSaysAnother() {
        assertThat(eu.port()).isEqualTo(443);
        assertThat(eu.isSecure()).isTrue();
        assertThat(ap.port()).isEqualTo(8080);
        assertThat(ap.host()).isEqualTo("::1");
    }
}
