package dev.photon.executor;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** One consumer of a region's invocations: deployed it joins the group, undeployed it drains and leaves. */
final class ExecutorVerticle extends VerticleBase {
    private final RecordLoop loop;

    ExecutorVerticle(RecordLoop loop) {
        this.loop = loop;
    }

    @Override
    public Future<?> start() {
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
