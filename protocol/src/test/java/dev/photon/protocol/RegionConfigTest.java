package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionConfigTest {

    @Test
    void hasDefaultsForAMachineOfOnesOwn() {
        assertThat(RegionConfig.read(new Settings(key -> null)))
                .isEqualTo(new RegionConfig(
                        "local",
                        Optional.empty(),
                        new KafkaConnection("localhost:9092"),
                        new TopicPlan(new Topics("photon"), 8, (short) 1, List.of(), List.of(), List.of()),
                        List.of(),
                        Mirror.REPLICATOR,
                        200));
    }

    @Test
    void readsEveryKey() {
        var values = Map.ofEntries(
                Map.entry("PHOTON_REGION", "eu"),
                Map.entry(
                        "PHOTON_REGIONS",
                        " us us-kafka:9092 https://us.example.com; eu kafka:9093  https://eu.example.com ;"),
                Map.entry("PHOTON_MIRROR", "mirror-maker"),
                Map.entry("PHOTON_BOOTSTRAP", "kafka:9093"),
                Map.entry("PHOTON_TOPIC_PREFIX", "edge"),
                Map.entry("PHOTON_PARTITIONS", "64"),
                Map.entry("PHOTON_REPLICATION", "3"),
                Map.entry("PHOTON_POOLS", "slow,default"),
                Map.entry("PHOTON_ENTRIES", "local,orders"),
                Map.entry("PHOTON_RESULTS_HOURS", "48"),
                Map.entry("PHOTON_METRICS_FUNCTIONS", "500"));
        var unset = KafkaSecurity.KEYS;
        var ofOthers = KafkaSecurity.KEYS.stream().map(key -> key + "_US").toList();
        var asked = new HashSet<String>();

        var config = RegionConfig.read(new Settings(key -> {
            asked.add(key);
            return values.get(key);
        }));

        assertThat(asked).containsAll(RegionConfig.KEYS).containsAll(unset).containsAll(values.keySet());
        assertThat(asked).hasSize(unset.size() + values.size() + ofOthers.size());
        assertThat(RegionConfig.keys(new Settings(values::get)))
                .containsAll(asked)
                .containsAll(ofOthers);
        assertThat(config)
                .isEqualTo(new RegionConfig(
                        "eu",
                        Optional.of(URI.create("https://eu.example.com")),
                        new KafkaConnection("kafka:9093"),
                        new TopicPlan(
                                new Topics("edge"),
                                64,
                                (short) 3,
                                List.of("slow"),
                                List.of("local", "orders"),
                                List.of("us"),
                                48),
                        List.of(new Region(
                                "us", new KafkaConnection("us-kafka:9092"), URI.create("https://us.example.com"))),
                        Mirror.MIRROR_MAKER,
                        500));
    }

    @Test
    void brokersOfAnotherRegionAreSpokenToAsOursUnlessItSaysHow() {
        var values = Map.of(
                "PHOTON_REGION", "us-east",
                "PHOTON_REGIONS", "us-east a:1 http://a; eu-west b:1 http://b; ap c:1 http://c",
                "PHOTON_KAFKA_PROTOCOL", "ssl",
                "PHOTON_KAFKA_PROTOCOL_EU_WEST", "plaintext");
        var settings = new Settings(values::get);

        var others = RegionConfig.read(settings).others();

        assertThatCode(settings::check).doesNotThrowAnyException();
        assertThat(others)
                .extracting(region -> region.kafka().security().toString())
                .containsExactly("plaintext", "ssl");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "us kafka:9092",
                "us kafka:9092 https://us.example.com/path; eu k:1 http://eu",
                "us kafka:9092 ftp://us.example.com; eu k:1 http://eu",
                "us kafka:9092 us.example.com; eu k:1 http://eu",
                "u.s kafka:9092 http://us; eu k:1 http://eu",
                "us kafka:9092 http://us; us kafka:9092 http://us; eu k:1 http://eu",
                "us-a kafka:9092 http://us; us_a kafka:9092 http://us; eu k:1 http://eu",
                "us kafka:9092 http://us"
            })
    void refusesRegionsThatAreNoneOrLeaveOutItsOwn(String regions) {
        var settings = new Settings(Map.of("PHOTON_REGION", "eu", "PHOTON_REGIONS", regions)::get);

        assertThatCode(() -> RegionConfig.read(settings)).doesNotThrowAnyException();
        assertThatIllegalArgumentException().isThrownBy(settings::check).withMessageContaining("PHOTON_REGIONS");
    }

    @Test
    void refusesNumbersOutOfRange() {
        var settings = new Settings(Map.of("PHOTON_PARTITIONS", "0", "PHOTON_REPLICATION", "101")::get);

        assertThatCode(() -> RegionConfig.read(settings)).doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(settings::check)
                .withMessageContaining("PHOTON_PARTITIONS")
                .withMessageContaining("PHOTON_REPLICATION");
    }

    @Test
    void refusesAMirrorThatIsNone() {
        var settings = new Settings(Map.of("PHOTON_MIRROR", "mirrormaker")::get);

        assertThatCode(() -> RegionConfig.read(settings)).doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(settings::check)
                .withMessage("PHOTON_MIRROR is 'mirrormaker': it is 'replicator' or 'mirror-maker'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,,b", ",", "a,", "a, b", "a,a", "a/b", "é"})
    void refusesEntriesThatAreNoDistinctTopicNames(String entries) {
        var settings = new Settings(Map.of("PHOTON_ENTRIES", entries)::get);

        assertThatCode(() -> RegionConfig.read(settings)).doesNotThrowAnyException();
        assertThatIllegalArgumentException().isThrownBy(settings::check).withMessageContaining("PHOTON_ENTRIES");
    }
}
