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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a view whose Kafka is not there. */
class RegionDeciderTest {
    private static final RegionConfig TWO = config("us 127.0.0.1:1 http://us; eu 127.0.0.1:1 http://eu");
    private static FunctionView view;
    private static RegionDecider decider;

    private static RegionConfig config(String regions) {
        var settings = Map.of("PHOTON_REGION", "us", "PHOTON_BOOTSTRAP", "127.0.0.1:1", "PHOTON_REGIONS", regions);
        return RegionConfig.read(new Settings(settings::get));
    }

    @BeforeAll
    static void open() {
        view = new FunctionView(TWO, "test");
        decider = new RegionDecider(TWO, view, Clock.systemUTC());
    }

    @AfterAll
    static void close() {
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

    @Test
    void whatIsSoAlreadyIsNotWrittenAgain() throws Exception {
        assertThat(decider.decide("us", false, "ada")).isEqualTo(new Verdict.Accepted("us", List.of()));

        view.read("us", List.of(record(new RegionState("us", true, "ada", 1))), 1);

        assertThat(view.isDraining("us")).isTrue();
        assertThat(decider.decide("us", true, "bob")).isEqualTo(new Verdict.Accepted("us", List.of()));
        assertThat(((Verdict.Accepted) decider.decide("us", false, "bob")).states())
                .hasSize(1);
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
}
