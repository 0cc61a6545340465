package dev.photon.cli.local;

import dev.photon.cli.remote.Server;
import dev.photon.protocol.RegionConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.CompletionException;

/** What {@code faas run} puts in front of a region: its functions are those of some folders, and stay so. */
public final class LocalServer implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Front front;
    private final LogPrinter logs;
    private final Workbench workbench;

    private LocalServer(RegionConfig region, int ingressPort, FunctionFolders folders, Screen screen) {
        workbench = new Workbench(folders, Server.of("http://127.0.0.1:" + ingressPort), screen);
        front = new Front(vertx, ingressPort, workbench::isFunction, screen);
        logs = new LogPrinter(region.kafka(), region.plan(), screen);
    }

    /**
     * Listens when this returns; says {@code ready} when every function was built once. When it throws, nothing is left
     * open.
     *
     * @param ingressPort where the region's ingress is on loopback
     * @param port to serve on, 0 for a free one
     * @throws IOException when the port is taken
     */
    public static LocalServer start(
            RegionConfig region, int ingressPort, int port, FunctionFolders folders, PrintWriter out)
            throws IOException {
        var screen = new Screen(out);
        var server = new LocalServer(region, ingressPort, folders, screen);
        try {
            join(server.front.listen(port));
        } catch (CompletionException e) {
            server.close();
            throw new IOException(
                    "port " + port + " cannot be served: " + e.getCause().getMessage(), e);
        }
        server.workbench.start(() -> screen.line("ready http://127.0.0.1:" + server.front.port()));
        return server;
    }

    private static void join(Future<?> future) {
        future.toCompletionStage().toCompletableFuture().join();
    }

    @Override
    public void close() {
        workbench.close();
        logs.close();
        join(vertx.close());
    }
}
