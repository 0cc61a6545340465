package dev.photon.ingress;

import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.Reply;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What waiting costs a request: its entry in the map, and its reply's way through it to the event loop. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PendingRepliesBenchmark {
    private static final int BATCH = 64;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final PendingReplies pending = new PendingReplies();
    private final List<Reply> replies =
            Stream.generate(PendingRepliesBenchmark::reply).limit(BATCH).toList();

    private static Reply reply() {
        return new Reply(
                InvocationIds.next(),
                Optional.of("instance"),
                Optional.of("1.0.0"),
                new Reply.Answer(200, List.of(), new byte[256]),
                new Reply.Timing("executor", "default", 1, 0, 1));
    }

    @Benchmark
    public boolean awaitAndForget() {
        var id = replies.getFirst().invocationId();
        pending.await(id, waiter(new CountDownLatch(1)));
        return pending.forget(id);
    }

    /** Per request of a batch; the batch's one task on the event loop is waited for. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void awaitAndComplete() throws InterruptedException {
        var delivered = new CountDownLatch(BATCH);
        var waiter = waiter(delivered);
        for (var reply : replies) {
            pending.await(reply.invocationId(), waiter);
        }
        pending.complete(replies);
        delivered.await();
    }

    private PendingReplies.Waiter waiter(CountDownLatch delivered) {
        return new PendingReplies.Waiter(context, Long.MAX_VALUE, (outcome, version) -> delivered.countDown());
    }

    @TearDown
    public void close() {
        vertx.close().await();
    }
}
