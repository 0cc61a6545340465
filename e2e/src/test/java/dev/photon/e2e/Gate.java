package dev.photon.e2e;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * A service that answers no call of a path before the test opens it: what calls it runs for as long as the test wants, on
 * any machine. Thread-safe.
 */
final class Gate implements AutoCloseable {
    /** Of regions whose functions may call it. */
    static final Map<String, String> SETTINGS = Map.of("PHOTON_OUTBOUND_ALLOW", "127.0.0.0/8");

    private final HttpServer server;
    private final Map<String, CountDownLatch> paths = new ConcurrentHashMap<>();

    Gate() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try {
                path(exchange.getRequestURI().getPath()).await();
                exchange.sendResponseHeaders(204, -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                exchange.close();
            }
        });
        server.start();
    }

    private CountDownLatch path(String path) {
        return paths.computeIfAbsent(path, unseen -> new CountDownLatch(1));
    }

    private String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    String url(String path) {
        return "http://" + host() + path;
    }

    /** What the file of a function says at its end that may call it, and wait long enough. */
    String toml() {
        return """
                [cors_settings]
                allowed_hosts = ["%s"]
                allowed_methods = ["GET"]
                allow_http = true
                [runtime]
                timeout_ms = 600000
                """.formatted(host());
    }

    /** Whether somebody waits there, or has. */
    boolean isCalled(String path) {
        return paths.containsKey(path);
    }

    /** Answers who calls the path, now and later. */
    void open(String path) {
        path(path).countDown();
    }

    @Override
    public void close() {
        paths.values().forEach(CountDownLatch::countDown);
        server.stop(0);
    }
}
