package dev.photon.ingress.scaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WishTest {
    @Test
    void asksForLittleWhenNothingIsSaid() {
        assertThat(Wish.read(Map.of()))
                .isEqualTo(new Wish(
                        Optional.empty(), 8, Duration.ofMillis(500), Duration.ofMillis(50), Duration.ofSeconds(60)));
    }

    @Test
    void readsEveryKeyBesideThoseOfKeda() {
        var metadata = Map.of(
                "scalerAddress", "photon-ingress.photon:9465",
                "enableTLS", "false",
                "pool", "slow",
                "concurrency", "4",
                "queueMillis", "0",
                "runMillis", "2000",
                "idleSeconds", "0");

        assertThat(Wish.read(metadata))
                .isEqualTo(new Wish(Optional.of("slow"), 4, Duration.ZERO, Duration.ofSeconds(2), Duration.ZERO));
    }

    @Test
    void takesWhatKedaHasFoundInAnEnvironment() {
        assertThat(Wish.read(Map.of("concurrencyFromEnv", "3")).concurrency()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "concurrency, 0",
        "concurrency, many",
        "queueMillis, -1",
        "queueMillis, 3600001",
        "runMillis, 0",
        "idleSeconds, 1.5",
        "idleSeconds, 86401",
        "targetLag, 5",
        "Concurrency, 5",
    })
    void refusesWhatMeansNothing(String key, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Wish.read(Map.of(key, value)))
                .withMessageContaining(key);
    }

    @Test
    void namesEveryNumberThatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Wish.read(Map.of("concurrency", "0", "idleSeconds", "soon")))
                .withMessageContaining("concurrency is '0' and must be a whole number from 1 to 100000")
                .withMessageContaining("idleSeconds is 'soon'");
    }
}
