package dev.photon.executor.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Invocation;
import dev.photon.protocol.Pieces;
import dev.photon.protocol.Reply;
import dev.photon.registry.Manifest;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class UnderWayTest {
    private static final int MOST = 3;
    private static final int OUTPUT_BYTES = 900_000;

    private final TestingRuns runs = new TestingRuns();
    private final UnderWay underWay = new UnderWay(runs, MOST, OUTPUT_BYTES);

    /** Runs nothing, and counts. */
    private static final class TestingRuns implements Runs {
        private long held;
        private boolean full;

        @Override
        public long hold(ConsumerRecord<byte[], byte[]> source, long more) {
            held += source.value().length + more;
            return source.value().length + more;
        }

        @Override
        public void release(long bytes) {
            held -= bytes;
        }

        @Override
        public boolean isFull() {
            return full;
        }

        @Override
        public Reply.Outcome run(Manifest manifest, Invocation invocation, Ways ways) {
            throw new AssertionError("nothing is to be run");
        }

        @Override
        public Optional<Body> body(Invocation invocation, Pieces place) {
            throw new AssertionError("nothing is to be read");
        }
    }

    private FutureTask<Finding> add(int bytes) {
        var source = new ConsumerRecord<byte[], byte[]>("orders", 0, 0, null, new byte[bytes]);
        var task = new FutureTask<Finding>(() -> new Finding.Malformed(source));
        underWay.add(source, task);
        return task;
    }

    @Test
    void takesNoMoreRecordsThanItMay() {
        for (int i = 0; i < MOST; i++) {
            assertThat(underWay.hasRoom()).isTrue();
            add(1);
        }

        assertThat(underWay.hasRoom()).isFalse();
    }

    @Test
    void takesOneAfterTheOtherWhileTheMemoryIsFull() {
        runs.full = true;
        assertThat(underWay.hasRoom()).isTrue();
        add(1);
        assertThat(underWay.hasRoom()).isFalse();

        underWay.removeOldest();

        assertThat(underWay.hasRoom()).isTrue();
    }

    @Test
    void countsARecordAndItsAnswersUntilItIsReported() {
        var first = add(5_000);
        var second = add(7_000);
        assertThat(runs.held).isGreaterThan(5_000 + 7_000 + 2 * OUTPUT_BYTES);
        assertThat(underWay.oldest()).isSameAs(first);

        underWay.removeOldest();

        assertThat(runs.held).isBetween(7_000L + OUTPUT_BYTES, 7_000L + 2 * OUTPUT_BYTES);
        assertThat(underWay.oldest()).isSameAs(second);
        underWay.removeOldest();
        assertThat(runs.held).isZero();
        assertThat(underWay.isEmpty()).isTrue();
    }
}
