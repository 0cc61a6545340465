package dev.photon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executors that die and that come and go by chance while records pass a chain of functions: {@code -Ptorment}. */
@EnabledIfSystemProperty(named = "photon.torment", matches = "true")
class TriggerTormentTest {
    private static final Logger LOG = LoggerFactory.getLogger(TriggerTormentTest.class);
    private static final long SEED = Long.getLong("photon.torment.seed", 1);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int RECORDS = 20_000;
    private static final int PARTITIONS = 8;
    private static final int WINDOW = 32;
    private static final int EXECUTORS = 3;
    private static final int FAULTS = 20;
    private static final int STAGES = 3;

    @TempDir
    Path cache;

    private final Random random = new Random(SEED);
    private int kills;

    @Test
    void exactlyOnceIsOnceAndInOrder() throws Exception {
        try (var chain = ChainedTriggers.start(cache, "exactly-once", PARTITIONS, WINDOW)) {
            torment(chain);

            assertThat(chain.results()).isEqualTo(chain.wanted());
        }
    }

    @Test
    void atLeastOnceLosesNothingAndRepeatsNoMoreThanTheWindows() throws Exception {
        try (var chain = ChainedTriggers.start(cache, "at-least-once", PARTITIONS, WINDOW)) {
            torment(chain);

            var results = chain.results();
            var all = results.values().stream().mapToInt(List::size).sum();
            LOG.atWarn()
                    .addKeyValue("kills", kills)
                    .addKeyValue("duplicates", all - RECORDS)
                    .log("at least once");
            var wanted = chain.wanted();
            assertThat(results.keySet()).isEqualTo(wanted.keySet());
            wanted.forEach((key, numbers) ->
                    assertThat(new HashSet<>(results.get(key))).isEqualTo(new HashSet<>(numbers)));
            assertThat(all - RECORDS).isLessThanOrEqualTo(kills * STAGES * PARTITIONS * WINDOW);
        }
    }

    /** Returns when all is done, with everybody gone. */
    private void torment(ChainedTriggers chain) throws Exception {
        var begun = System.nanoTime();
        Deque<ChildProcess> executors = new ArrayDeque<>();
        try {
            for (int number = 0; number < EXECUTORS; number++) {
                executors.add(chain.executor());
            }
            for (int fault = 0; fault < FAULTS; fault++) {
                chain.publish(RECORDS / FAULTS);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(1_500));
                if (random.nextInt(3) > 0) {
                    executors.removeFirst().kill();
                    kills++;
                } else {
                    assertThat(executors.removeFirst().stop()).isTrue();
                }
                executors.addLast(chain.executor());
            }
            await().atMost(PATIENCE).until(chain::isDone);
        } finally {
            executors.forEach(ChildProcess::close);
        }
        LOG.atWarn()
                .addKeyValue("seed", SEED)
                .addKeyValue("kills", kills)
                .addKeyValue("leaves", FAULTS - kills)
                .addKeyValue("seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun))
                .log("torment is over");
    }
}
