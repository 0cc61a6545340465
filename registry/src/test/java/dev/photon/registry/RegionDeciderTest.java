package dev.photon.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a view whose Kafka is not there. */
class RegionDeciderTest {
    private static final RegionConfig TWO = config("us 127.0.0.1:1 http://us; eu 127.0.0.1:1 http://eu");
    private FunctionView view;
    private RegionDecider decider;

    private static RegionConfig config(String regions) {
        var settings = Map.of("PHOTON_REGION", "us", "PHOTON_BOOTSTRAP", "127.0.0.1:1", "PHOTON_REGIONS", regions);
        return RegionConfig.read(new Settings(settings::get));
    }

    @BeforeEach
    void open() {
        view = new FunctionView(TWO, "test");
        decider = new RegionDecider(TWO, view, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        view.close();
    }

    @Test
    void anyRegionIsDrainedByAnyOther() throws Exception {
        var verdict = (Verdict.Accepted) decider.decide("eu", true, "ada");

        assertThat(verdict.states()).hasSize(1).first().isInstanceOfSatisfying(State.Wished.class, wished -> {
            assertThat(wished.region().region()).isEqualTo("eu");
            assertThat(wished.region().draining()).isTrue();
            assertThat(wished.region().by()).isEqualTo("ada");
        });
    }

    /** A wish of another region may be on its way, and count until then unless it is older. */
    @Test
    void whatIsSoAlreadyIsWrittenAgain() throws Exception {
        assertThat(wished(decider, "us", false)).isEqualTo(List.of(false));

        read(new RegionState("us", true, "ada", 1));

        assertThat(view.isDraining("us")).isTrue();
        assertThat(wished(decider, "us", true)).isEqualTo(List.of(true));
    }

    private static List<Boolean> wished(RegionDecider decider, String region, boolean draining) throws Refused {
        return ((Verdict.Accepted) decider.decide(region, draining, "bob"))
                .states().stream()
                        .map(state -> ((State.Wished) state).region().draining())
                        .toList();
    }

    private void read(RegionState state) {
        view.read("us", List.of(record(state)), 1);
    }

    private static ConsumerRecord<byte[], byte[]> record(RegionState state) {
        var sent = StateCodec.encode("t", Generated.written(new State.Wished(state)));
        return new ConsumerRecord<>(
                "t",
                0,
                0,
                1,
                TimestampType.CREATE_TIME,
                0,
                0,
                sent.key(),
                sent.value(),
                sent.headers(),
                Optional.empty());
    }

    @Test
    void aRegionThatIsNotConfiguredIsNotFound() {
        assertThatThrownBy(() -> decider.decide("ap", true, "ada"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("no region 'ap'");
    }

    @Test
    void theOnlyRegionCannotBeDrained() {
        var alone = new RegionDecider(config(""), view, Clock.systemUTC());

        assertThatThrownBy(() -> alone.decide("us", true, "ada"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("no region beside");
    }

    @Test
    void aRegionThatIsLeftAloneTakesCallsAgain() throws Exception {
        var alone = new RegionDecider(config(""), view, Clock.systemUTC());

        assertThat(wished(alone, "us", false)).isEqualTo(List.of(false));
    }

    @Test
    void aRegionThatIsNotConfiguredAnyMoreIsNotDrainedForEver() throws Exception {
        assertThatThrownBy(() -> decider.decide("ap", false, "ada"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("no region 'ap'");

        read(new RegionState("ap", true, "ada", 1));

        assertThat(wished(decider, "ap", false)).isEqualTo(List.of(false));
    }
}
