package dev.photon.executor;

import dev.photon.protocol.KafkaConnection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The consumers of one topic in this process: verticles that join the topic's group, and leave it. Thread-safe. */
final class Consumers implements AutoCloseable {
    private final Vertx vertx;
    private final KafkaConnection kafka;
    private final RecordLoop.Subscription subscription;
    private final Intake intake;
    private final List<RecordLoop> loops = new CopyOnWriteArrayList<>();
    private final Deque<Deployed> deployed = new ArrayDeque<>();
    private Future<Void> change = Future.succeededFuture();
    private boolean closed;

    private record Deployed(String id, RecordLoop loop) {}

    Consumers(Vertx vertx, KafkaConnection kafka, RecordLoop.Subscription subscription, Intake intake) {
        this.vertx = vertx;
        this.kafka = kafka;
        this.subscription = subscription;
        this.intake = intake;
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
        var loop = new RecordLoop(kafka, subscription, intake);
        loops.add(loop);
        return vertx.deployVerticle(new ExecutorVerticle(loop))
                .onSuccess(id -> joined(new Deployed(id, loop)))
                .recover(failure -> ended(loop).transform(done -> Future.failedFuture(failure)))
                .mapEmpty();
    }

    private synchronized void joined(Deployed verticle) {
        deployed.addLast(verticle);
    }

    private Future<Void> ended(RecordLoop loop) {
        return vertx.<Void>executeBlocking(() -> {
                    loop.close();
                    return null;
                })
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
        synchronized (this) {
            closed = true;
            last = change;
        }
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
