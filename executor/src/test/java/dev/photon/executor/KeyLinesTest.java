package dev.photon.executor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class KeyLinesTest {
    private final KeyLines lines = new KeyLines();

    private static ConsumerRecord<byte[], byte[]> record(long offset, String key) {
        return TestingIntake.record(0, offset, key.getBytes(UTF_8));
    }

    @Test
    void aSlowKeyDelaysOnlyItself() {
        var begun = new ArrayList<Long>();
        var slow = record(0, "slow");
        lines.enter(slow, () -> begun.add(0L));
        lines.enter(record(1, "slow"), () -> begun.add(1L));
        lines.enter(record(2, "other"), () -> begun.add(2L));
        assertThat(begun).containsExactly(0L, 2L);
        assertThat(lines.isFree(record(3, "slow"))).isFalse();

        lines.leave(slow);

        assertThat(begun).containsExactly(0L, 2L, 1L);
    }

    @Test
    void recordsWithoutAKeyDoNotWait() {
        var begun = new ArrayList<Long>();
        lines.enter(TestingIntake.record(0), () -> begun.add(0L));
        lines.enter(TestingIntake.record(1), () -> begun.add(1L));

        assertThat(begun).containsExactly(0L, 1L);
        assertThat(lines.size()).isZero();
    }

    @Test
    void theSameKeyOnAnotherPartitionIsAnother() {
        var begun = new ArrayList<Integer>();
        lines.enter(TestingIntake.record(0, 7, new byte[1]), () -> begun.add(0));
        lines.enter(TestingIntake.record(1, 7, new byte[1]), () -> begun.add(1));

        assertThat(begun).containsExactly(0, 1);
    }

    @Property
    void eachKeyRunsInOrderHoweverRunsEnd(
            @ForAll @Size(max = 200) List<@IntRange(max = 5) Integer> keys, @ForAll long seed) {
        var random = new Random(seed);
        var running = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        var last = new HashMap<String, Long>();
        var waiting = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        for (int offset = 0; offset < keys.size(); offset++) {
            waiting.add(record(offset, "key" + keys.get(offset)));
        }
        var ended = 0;

        while (ended < keys.size()) {
            if (!waiting.isEmpty() && (running.isEmpty() || random.nextBoolean())) {
                var source = waiting.removeFirst();
                lines.enter(source, () -> running.add(source));
            } else {
                var source = running.remove(random.nextInt(running.size()));
                var key = new String(source.key(), UTF_8);
                assertThat(running).noneMatch(other -> new String(other.key(), UTF_8).equals(key));
                assertThat(last.getOrDefault(key, -1L)).isLessThan(source.offset());
                last.put(key, source.offset());
                lines.leave(source);
                ended++;
            }
        }

        assertThat(lines.size()).isZero();
    }

    @RepeatedTest(20)
    void keepsTheOrderBetweenThreads() throws InterruptedException {
        var count = 5_000;
        var seen = new ConcurrentHashMap<Integer, List<Long>>();
        var done = new CountDownLatch(count);
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int offset = 0; offset < count; offset++) {
                var key = offset % 7;
                var source = record(offset, "key" + key);
                lines.enter(
                        source,
                        () -> threads.execute(() -> {
                            seen.computeIfAbsent(key, absent -> new ArrayList<>())
                                    .add(source.offset());
                            lines.leave(source);
                            done.countDown();
                        }));
            }
            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(seen.values()).allSatisfy(offsets -> assertThat(offsets).isSorted());
        assertThat(seen.values().stream().mapToInt(List::size).sum()).isEqualTo(count);
        assertThat(lines.size()).isZero();
        assertThat(Map.copyOf(seen)).hasSize(7);
    }
}
