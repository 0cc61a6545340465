package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PendingRepliesTest {
    private static final long DEADLINE = 1_000;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final PendingReplies pending = new PendingReplies();
    private final ConcurrentLinkedQueue<Reply.Outcome> outcomes = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void aReplyGoesToTheRequestOfItsId() {
        await("a", outcomes::add);
        var reply = answer("a");

        pending.complete(List.of(answer("b"), reply));
        drain();

        assertThat(outcomes).containsExactly(reply.outcome());
        assertThat(pending.size()).isZero();
        assertThat(pending.unmatched()).isEqualTo(1);
    }

    @Test
    void anOutcomeIsDeliveredOnTheContextOfItsRequest() {
        var seen = new CompletableFuture<Context>();
        await("a", outcome -> seen.complete(Vertx.currentContext()));

        pending.complete(List.of(answer("a")));

        assertThat(seen.join()).isSameAs(context);
    }

    @Test
    void ofSeveralRepliesTheFirstWins() {
        await("a", outcomes::add);
        var first = answer("a");

        pending.complete(List.of(first, answer("a")));
        pending.fail("a", ErrorKind.UNAVAILABLE, "too late");
        drain();

        assertThat(outcomes).containsExactly(first.outcome());
        assertThat(pending.unmatched()).isEqualTo(1);
    }

    @Test
    void aFailedSendIsAnOutcome() {
        await("a", outcomes::add);

        pending.fail("a", ErrorKind.UNAVAILABLE, "Kafka is away");
        drain();

        assertThat(outcomes).containsExactly(new Reply.Failure(ErrorKind.UNAVAILABLE, "Kafka is away"));
    }

    @Test
    void theSweepFailsWhatIsPastItsDeadlineAndNothingElse() {
        await("a", outcomes::add);

        pending.sweep(DEADLINE - 1);
        assertThat(pending.size()).isEqualTo(1);
        pending.sweep(DEADLINE);
        drain();

        assertThat(outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        Reply.Failure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(ErrorKind.TIMEOUT));
        assertThat(pending.size()).isZero();
    }

    /** {@link System#nanoTime} may be anything, and may pass {@link Long#MAX_VALUE} while a request waits. */
    @Test
    void theSweepCountsOnAcrossTheClocksOverflow() {
        pending.await(
                "a",
                new PendingReplies.Waiter(context, Long.MIN_VALUE + 10, (outcome, version) -> outcomes.add(outcome)));

        pending.sweep(Long.MAX_VALUE - 10);
        assertThat(pending.size()).isEqualTo(1);
        pending.sweep(Long.MIN_VALUE + 10);

        assertThat(pending.size()).isZero();
    }

    @Test
    void whatIsForgottenIsNotDelivered() {
        await("a", outcomes::add);

        assertThat(pending.forget("a")).isTrue();
        assertThat(pending.forget("a")).isFalse();
        pending.complete(List.of(answer("a")));
        drain();

        assertThat(outcomes).isEmpty();
        assertThat(pending.unmatched()).isEqualTo(1);
    }

    /** One answer that HTTP cannot carry must not take the others of its batch with it. */
    @Test
    void aReceiverThatThrowsDoesNotTakeTheRepliesOfOthers() {
        context.exceptionHandler(failure -> {});
        await("a", outcome -> {
            throw new IllegalArgumentException("a header that HTTP refuses");
        });
        await("b", outcomes::add);
        var reply = answer("b");

        pending.complete(List.of(answer("a"), reply));
        drain();

        assertThat(outcomes).containsExactly(reply.outcome());
    }

    @Test
    void theFirstOutcomeWinsExactlyOnceHoweverManyThreadsRace() throws Exception {
        var requests = 20_000;
        Map<String, AtomicInteger> deliveries = new ConcurrentHashMap<>();
        var ids = IntStream.range(0, requests).mapToObj(Integer::toString).toList();
        for (var id : ids) {
            var count = new AtomicInteger();
            deliveries.put(id, count);
            await(id, outcome -> count.incrementAndGet());
        }
        List<Callable<Void>> racers = List.of(
                racer(() -> inBatches(ids)),
                racer(() -> inBatches(ids)),
                racer(() -> inBatches(ids.reversed())),
                racer(() -> ids.forEach(id -> pending.fail(id, ErrorKind.UNAVAILABLE, ""))),
                racer(() -> ids.reversed().forEach(id -> pending.fail(id, ErrorKind.UNAVAILABLE, ""))),
                racer(() -> pending.sweep(DEADLINE)));

        try (var threads = Executors.newFixedThreadPool(racers.size())) {
            for (var done : threads.invokeAll(racers)) {
                done.get();
            }
        }
        drain();

        assertThat(deliveries).hasSize(requests);
        assertThat(deliveries.values()).allMatch(count -> count.get() == 1);
        assertThat(pending.size()).isZero();
        assertThat(pending.unmatched()).isBetween(2L * requests, 3L * requests);
    }

    private static Callable<Void> racer(Runnable work) {
        return () -> {
            work.run();
            return null;
        };
    }

    private void inBatches(List<String> ids) {
        for (int from = 0; from < ids.size(); from += 100) {
            var batch = new ArrayList<Reply>();
            ids.subList(from, from + 100).forEach(id -> batch.add(answer(id)));
            pending.complete(batch);
        }
    }

    private void await(String id, Consumer<Reply.Outcome> receiver) {
        pending.await(id, new PendingReplies.Waiter(context, DEADLINE, (outcome, version) -> receiver.accept(outcome)));
    }

    /** Returns when all that was handed to the event loop so far has run. */
    private void drain() {
        var drained = new CompletableFuture<Void>();
        context.runOnContext(ignored -> drained.complete(null));
        drained.join();
    }

    private static Reply answer(String id) {
        return new Reply(
                id,
                Optional.of("i"),
                Optional.empty(),
                new Reply.Answer(200, List.of(), new byte[0]),
                new Reply.Timing("e", "default", 0, 0, 0));
    }
}
