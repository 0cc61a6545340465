package dev.photon.benchmarks;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** A Vert.x server that sends one file, whatever is asked. As many event loops as the ingress has. */
public final class HttpFile extends VerticleBase {
    /** One free port that all who ask for this number share. */
    private static final int SHARED_PORT = -1;

    private final AtomicInteger port;
    private final String file;

    private HttpFile(AtomicInteger port, String file) {
        this.port = port;
        this.file = file;
    }

    public static void main(String[] arguments) throws IOException {
        var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try {
            var port = new AtomicInteger();
            var everyCore =
                    new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
            vertx.deployVerticle(() -> new HttpFile(port, arguments[0]), everyCore)
                    .await();
            Lifeline.serve("http://127.0.0.1:" + port + "/");
        } finally {
            vertx.close().await();
        }
    }

    @Override
    public Future<?> start() {
        return vertx.createHttpServer()
                .requestHandler(request -> request.response().sendFile(file))
                .listen(SHARED_PORT, "127.0.0.1")
                .onSuccess(server -> port.set(server.actualPort()));
    }
}
