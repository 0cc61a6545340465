package dev.photon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What exactly-once triggers led to, for those who read what is committed. */
class ExactlyOnceTest {
    /** The brokers need up to 10 s to see that a transaction's producer is dead. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final int RECORDS = 1_500;

    @TempDir
    Path cache;

    @Test
    void theDeathOfAnExecutorInAChainRepeatsNoResult() throws Exception {
        try (var chain = ChainedTriggers.start(cache, "exactly-once", 4, 64);
                var first = chain.executor();
                var second = chain.executor()) {
            chain.publish(RECORDS);
            await().atMost(PATIENCE).until(() -> !chain.results().isEmpty());
            first.kill();
            chain.publish(RECORDS);

            await().atMost(PATIENCE).until(chain::isDone);

            assertThat(chain.results()).isEqualTo(chain.wanted());
            assertThat(second.stop()).isTrue();
        }
    }
}
