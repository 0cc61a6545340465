package dev.photon.cli.autoscale;

import dev.photon.executor.Membership;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps as many executors as are wanted: starts what is missing, lets the youngest go, and starts another when one ends
 * that should not have. Confined to its event loop.
 */
final class Fleet {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

    private final Vertx vertx;
    private final Context context;
    private final Launch launch;
    private final Duration grace;
    private final Consumer<Membership> bereaved;
    private final Deque<ExecutorProcess> running = new ArrayDeque<>();
    private final Set<ExecutorProcess> leaving = new HashSet<>();
    private final Restarts restarts = new Restarts();
    private final Promise<Void> empty = Promise.promise();
    private int wanted;
    private boolean pausing;
    private boolean closed;

    /**
     * @param grace what one that is let go may take before it is killed
     * @param bereaved is told of each that has ended: it may not have left its groups by itself
     */
    Fleet(Vertx vertx, Launch launch, Duration grace, Consumer<Membership> bereaved) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.launch = launch;
        this.grace = grace;
        this.bereaved = bereaved;
    }

    void want(int executors) {
        wanted = executors;
        adjust();
    }

    private void adjust() {
        while (running.size() > wanted) {
            letGo(running.removeLast());
        }
        while (running.size() < wanted && !pausing) {
            start();
        }
        if (closed && leaving.isEmpty()) {
            empty.tryComplete();
        }
    }

    private void start() {
        try {
            var executor = ExecutorProcess.start(launch, freePlace(), this::saysReady);
            running.addLast(executor);
            executor.ended().thenAccept(code -> context.runOnContext(now -> ended(executor, code)));
        } catch (IOException e) {
            LOG.atError().addKeyValue("error", e.getMessage()).log("an executor cannot be started");
            pauseAfter(Duration.ZERO);
        }
    }

    private void saysReady(ExecutorProcess executor) {
        LOG.atInfo()
                .addKeyValue("pid", executor.pid())
                .addKeyValue("millis", executor.age().toMillis())
                .log("executor is ready");
    }

    private int freePlace() {
        var taken = Stream.concat(running.stream(), leaving.stream())
                .map(ExecutorProcess::place)
                .toList();
        return IntStream.iterate(0, place -> place + 1)
                .filter(place -> !taken.contains(place))
                .findFirst()
                .orElseThrow();
    }

    private void letGo(ExecutorProcess executor) {
        leaving.add(executor);
        executor.drain();
        vertx.setTimer(grace.toMillis(), now -> {
            if (leaving.contains(executor)) {
                LOG.atWarn().addKeyValue("pid", executor.pid()).log("executor does not end, and is killed");
                executor.kill();
            }
        });
    }

    private void ended(ExecutorProcess executor, int code) {
        if (!closed) {
            bereaved.accept(executor.membership());
        }
        if (!leaving.remove(executor)) {
            running.remove(executor);
            LOG.atWarn()
                    .addKeyValue("pid", executor.pid())
                    .addKeyValue("code", code)
                    .log("executor ended though nobody asked, and another is started");
            pauseAfter(executor.served());
        }
        adjust();
    }

    /** Of several that end together the first counts: they have one cause. */
    private void pauseAfter(Duration served) {
        if (pausing) {
            return;
        }
        var millis = restarts.pauseMillisAfter(served);
        if (millis > 0) {
            pausing = true;
            vertx.setTimer(millis, now -> {
                pausing = false;
                adjust();
            });
        }
    }

    /** Completes when all have ended. */
    Future<Void> close() {
        closed = true;
        want(0);
        return empty.future();
    }
}
