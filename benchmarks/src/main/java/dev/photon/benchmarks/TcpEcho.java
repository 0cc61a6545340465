package dev.photon.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Sends back what it gets. Thread-safe. */
final class TcpEcho implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    private TcpEcho() throws IOException {}

    static TcpEcho start() throws IOException {
        var echo = new TcpEcho();
        Thread.ofPlatform().daemon().name("tcp-echo").start(echo::accept);
        return echo;
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                Thread.ofPlatform().daemon().name("tcp-echo").start(() -> echo(client));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private static void echo(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            // Nobody is there any more.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
