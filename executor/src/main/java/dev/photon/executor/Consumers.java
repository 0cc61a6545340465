package dev.photon.executor;

import dev.photon.protocol.KafkaConnection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The consumers of one topic in this process: verticles that join the topic's group, and leave it. Thread-safe. */
final class Consumers implements AutoCloseable {
    /** After one could not join. */
    private static final Duration REST = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final KafkaConnection kafka;
    private final RecordLoop.Subscription subscription;
    private final Lanes lanes;
    private final List<RecordLoop> loops = new CopyOnWriteArrayList<>();
    private final Deque<Deployed> deployed = new ArrayDeque<>();
    private Future<Void> change = Future.succeededFuture();
    private long restUntil = System.nanoTime();
    private boolean closed;

    private record Deployed(String id, RecordLoop loop) {}

    Consumers(Vertx vertx, KafkaConnection kafka, RecordLoop.Subscription subscription, Lanes lanes) {
        this.vertx = vertx;
        this.kafka = kafka;
        this.subscription = subscription;
        this.lanes = lanes;
    }

    String topic() {
        return subscription.topic();
    }

    /** Those that there are at any moment, those that join or leave included. */
    List<RecordLoop> loops() {
        return loops;
    }

    /** Whether records are taken: one of them is in the group. */
    boolean ready() {
        return loops.stream().anyMatch(RecordLoop::isMember);
    }

    /** Whether nothing changes now, nor has failed a moment ago. */
    synchronized boolean steady() {
        return change.isComplete() && System.nanoTime() - restUntil >= 0;
    }

    /**
     * Makes them so many, unless another change goes on.
     *
     * @return completes when those that come have joined, and those that go have left; fails when one cannot join
     */
    synchronized Future<Void> scale(int wanted) {
        if (closed || !change.isComplete()) {
            return change;
        }
        var changes = new ArrayList<Future<Void>>();
        for (int number = deployed.size(); number < wanted; number++) {
            changes.add(deploy());
        }
        for (int number = deployed.size(); number > wanted; number--) {
            changes.add(undeploy(deployed.removeLast()));
        }
        change = Future.join(changes).mapEmpty();
        return change;
    }

    private Future<Void> deploy() {
        var loop = new RecordLoop(kafka, subscription, lanes);
        loops.add(loop);
        return vertx.deployVerticle(new ExecutorVerticle(loop))
                .onSuccess(id -> joined(new Deployed(id, loop)))
                .onFailure(failure -> rest())
                .recover(failure -> ended(loop).transform(done -> Future.failedFuture(failure)))
                .mapEmpty();
    }

    private synchronized void rest() {
        restUntil = System.nanoTime() + REST.toNanos();
    }

    private synchronized void joined(Deployed verticle) {
        deployed.addLast(verticle);
    }

    /** Not in the order of the context: who closes us may block it, and wait for this. */
    private Future<Void> ended(RecordLoop loop) {
        return vertx.<Void>executeBlocking(
                        () -> {
                            loop.close();
                            return null;
                        },
                        false)
                .onComplete(done -> loops.remove(loop));
    }

    private Future<Void> undeploy(Deployed verticle) {
        return vertx.undeploy(verticle.id()).onComplete(done -> loops.remove(verticle.loop()));
    }

    /** How many have joined and not been told to leave. */
    synchronized int size() {
        return deployed.size();
    }

    /** Lets all of them drain and leave. Blocks. */
    @Override
    public void close() {
        Future<Void> last;
        List<RecordLoop> joining;
        synchronized (this) {
            closed = true;
            last = change;
            joining = new ArrayList<>(loops);
            deployed.forEach(verticle -> joining.remove(verticle.loop()));
        }
        // Those that Kafka has not let in may wait for it as long as it is away.
        joining.forEach(RecordLoop::close);
        last.transform(done -> leaveAll())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private synchronized Future<Void> leaveAll() {
        var leaving = deployed.stream().map(this::undeploy).toList();
        deployed.clear();
        return Future.join(leaving).mapEmpty();
    }
}
