package dev.photon.ingress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to a port of this machine that can forget the connections it has: they stay open at both ends, and nothing of
 * them arrives any more. New ones work.
 */
final class SilentLink implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final Set<Socket> known = ConcurrentHashMap.newKeySet();
    private final Set<Socket> all = ConcurrentHashMap.newKeySet();

    SilentLink(int target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void forget() {
        known.clear();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                var there = new Socket(InetAddress.getLoopbackAddress(), target);
                pump(client, there);
                pump(there, client);
            } catch (IOException e) {
                // Closed, or nobody listens at the other end.
            }
        }
    }

    private void pump(Socket from, Socket to) {
        known.add(from);
        all.add(from);
        Thread.ofVirtual().start(() -> {
            var buffer = new byte[1 << 16];
            try {
                for (var read = from.getInputStream().read(buffer);
                        read >= 0;
                        read = from.getInputStream().read(buffer)) {
                    if (known.contains(from)) {
                        to.getOutputStream().write(buffer, 0, read);
                    }
                }
                if (known.contains(from)) {
                    to.close();
                }
            } catch (IOException e) {
                // Closed by one of the ends.
            }
        });
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : all) {
            socket.close();
        }
    }
}
