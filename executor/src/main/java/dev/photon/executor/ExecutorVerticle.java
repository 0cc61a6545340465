package dev.photon.executor;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.function.Supplier;

/** One consumer of a region's invocations: deployed it joins the group, undeployed it drains and leaves. */
final class ExecutorVerticle extends VerticleBase {
    private final Supplier<RecordLoop> opening;
    private RecordLoop loop;

    ExecutorVerticle(Supplier<RecordLoop> opening) {
        this.opening = opening;
    }

    @Override
    public Future<?> start() {
        loop = opening.get();
        loop.start();
        return Future.fromCompletionStage(loop.joined(), context);
    }

    @Override
    public Future<?> stop() {
        return vertx.executeBlocking(() -> {
            loop.close();
            return null;
        });
    }
}
