package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionConfigTest {

    @Test
    void hasDefaultsForAMachineOfOnesOwn() {
        assertThat(RegionConfig.read(new Settings(key -> null)))
                .isEqualTo(new RegionConfig(
                        "local",
                        new KafkaConnection("localhost:9092"),
                        new TopicPlan(new Topics("photon"), 8, (short) 1, List.of(), List.of(), List.of()),
                        200));
    }

    @Test
    void readsEveryKey() {
        var values = Map.of(
                "PHOTON_REGION", "eu",
                "PHOTON_BOOTSTRAP", "kafka:9093",
                "PHOTON_TOPIC_PREFIX", "edge",
                "PHOTON_PARTITIONS", "64",
                "PHOTON_REPLICATION", "3",
                "PHOTON_POOLS", "slow,default",
                "PHOTON_ENTRIES", "local,orders",
                "PHOTON_METRICS_FUNCTIONS", "500");
        var unset = KafkaSecurity.KEYS;
        var asked = new HashSet<String>();

        var config = RegionConfig.read(new Settings(key -> {
            asked.add(key);
            return values.get(key);
        }));

        assertThat(asked).isEqualTo(RegionConfig.KEYS).containsAll(unset).containsAll(values.keySet());
        assertThat(asked).hasSize(unset.size() + values.size());
        assertThat(config)
                .isEqualTo(new RegionConfig(
                        "eu",
                        new KafkaConnection("kafka:9093"),
                        new TopicPlan(new Topics("edge"), 64, (short) 3, List.of("slow"), List.of("local", "orders"), List.of()),
                        500));
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

    @ParameterizedTest
    @ValueSource(strings = {"a,,b", ",", "a,", "a, b", "a,a", "a/b", "é"})
    void refusesEntriesThatAreNoDistinctTopicNames(String entries) {
        var settings = new Settings(Map.of("PHOTON_ENTRIES", entries)::get);

        assertThatCode(() -> RegionConfig.read(settings)).doesNotThrowAnyException();
        assertThatIllegalArgumentException().isThrownBy(settings::check).withMessageContaining("PHOTON_ENTRIES");
    }
}
