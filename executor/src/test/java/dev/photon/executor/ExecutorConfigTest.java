package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.photon.executor.outbound.AddressRange;
import dev.photon.executor.wasm.Engine;
import dev.photon.protocol.Settings;
import dev.photon.registry.SecretBox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorConfigTest {

    @Test
    void takesTheNewerProtocolWhereItIsAllowedByDefault() {
        var cache = Path.of(System.getProperty("java.io.tmpdir"), "photon-cache");
        var memory = (int) (Engine.defaultMemory() >> 20);

        assertThat(ExecutorConfig.read(new Settings(key -> null)))
                .isEqualTo(new ExecutorConfig(
                        new ExecutorConfig.Consumers(1, 1),
                        List.of(),
                        1024,
                        64,
                        memory,
                        5_000,
                        ExecutorConfig.ProtocolChoice.AUTO,
                        Optional.empty(),
                        cache,
                        new ExecutorConfig.Loading(1L << 30, 256 << 20, Duration.ofMinutes(10)),
                        new RunCaps(900_000, 32_767 << 16, 1_000, 10_000, 256 << 20, 1 << 30, 1 << 20),
                        Optional.empty(),
                        List.of()));
    }

    @Test
    void readsEveryKey() {
        var values = Map.ofEntries(
                Map.entry("PHOTON_EXECUTOR_CONSUMERS", "2..8"),
                Map.entry("PHOTON_EXECUTOR_POOLS", "slow"),
                Map.entry("PHOTON_WINDOW", "3"),
                Map.entry("PHOTON_GUEST_THREADS", "4"),
                Map.entry("PHOTON_MEMORY_BUDGET", "16"),
                Map.entry("PHOTON_DRAIN_MS", "5"),
                Map.entry("PHOTON_GROUP_PROTOCOL", "classic"),
                Map.entry("PHOTON_MEMBER", "executor-7"),
                Map.entry("PHOTON_CACHE", "/cache"),
                Map.entry("PHOTON_OUTBOUND_ALLOW", "10.0.0.0/8, ::1"),
                Map.entry("PHOTON_COMPILED_MB", "6"),
                Map.entry("PHOTON_LOADED_MB", "7"),
                Map.entry("PHOTON_FUNCTION_IDLE_S", "8"),
                Map.entry("PHOTON_MAX_TIMEOUT_MS", "9"),
                Map.entry("PHOTON_MAX_MEMORY", "131072"),
                Map.entry("PHOTON_MAX_OUTBOUND_CALLS", "10"),
                Map.entry("PHOTON_MAX_CONCURRENCY", "11"),
                Map.entry("PHOTON_MAX_TMP", "12"),
                Map.entry("PHOTON_MAX_ANSWER", "13"),
                Map.entry("PHOTON_MAX_LOG", "14"),
                Map.entry("PHOTON_SECRETS_KEY", "0123456789abcdef0123456789abcdef"),
                Map.entry("PHOTON_SECRETS_KEY_FILE", ""));
        var asked = new HashSet<String>();

        var config = ExecutorConfig.read(new Settings(key -> {
            asked.add(key);
            return values.get(key);
        }));

        assertThat(asked).isEqualTo(ExecutorConfig.KEYS).isEqualTo(values.keySet());
        assertThat(config)
                .isEqualTo(new ExecutorConfig(
                        new ExecutorConfig.Consumers(2, 8),
                        List.of("slow"),
                        3,
                        4,
                        16,
                        5,
                        ExecutorConfig.ProtocolChoice.CLASSIC,
                        Optional.of(new Membership("executor-7")),
                        Path.of("/cache"),
                        new ExecutorConfig.Loading(6 << 20, 7 << 20, Duration.ofSeconds(8)),
                        new RunCaps(9, 131_072, 10, 11, 12, 13, 14),
                        SecretBox.read(new Settings(values::get)),
                        List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("::1"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0..2", "3..2", "65", "1..65", "1-2", "many", "1..2..3"})
    void refusesNumbersOfConsumersThatAreNone(String text) {
        var settings = new Settings(Map.of("PHOTON_EXECUTOR_CONSUMERS", text)::get);
        ExecutorConfig.read(settings);

        assertThatIllegalArgumentException()
                .isThrownBy(settings::check)
                .withMessageContaining("PHOTON_EXECUTOR_CONSUMERS is '" + text + "': it must be a number from 1 to 64");
    }

    @Test
    void namesTheProtocolsThereAre() {
        var settings = new Settings(Map.of("PHOTON_GROUP_PROTOCOL", "carrier-pigeon")::get);

        assertThat(ExecutorConfig.read(settings).groupProtocol()).isEqualTo(ExecutorConfig.ProtocolChoice.AUTO);
        assertThatIllegalArgumentException()
                .isThrownBy(settings::check)
                .withMessageContaining("PHOTON_GROUP_PROTOCOL")
                .withMessageContaining("CLASSIC");
    }

    @Test
    void saysWhichRangeIsNone() {
        var settings = new Settings(Map.of("PHOTON_OUTBOUND_ALLOW", "10.0.0.0/8,intranet")::get);

        ExecutorConfig.read(settings);

        assertThatIllegalArgumentException()
                .isThrownBy(settings::check)
                .withMessageContaining("PHOTON_OUTBOUND_ALLOW has 'intranet'");
    }
}
