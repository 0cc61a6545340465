package dev.photon.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** A way to a port of this machine that takes its time: what goes in comes out so much later, in order. Thread-safe. */
final class DelayingLink implements AutoCloseable {
    private static final int PIECE_BYTES = 1 << 16;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final int target;
    private volatile long oneWayNanos;

    private record Piece(byte[] bytes, long due) {}

    private DelayingLink(int target) throws IOException {
        this.target = target;
    }

    static DelayingLink to(int port) throws IOException {
        var link = new DelayingLink(port);
        Thread.ofPlatform().daemon().name("link").start(link::accept);
        return link;
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on; half of it each way. */
    void takes(Duration roundTrip) {
        oneWayNanos = roundTrip.toNanos() / 2;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connect(server.accept());
            } catch (IOException e) {
                // Closed, or nobody listens at the other end.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        open.add(client);
        try {
            var there = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(there);
            client.setTcpNoDelay(true);
            there.setTcpNoDelay(true);
            pump(client, there);
            pump(there, client);
        } catch (IOException e) {
            close(client);
            throw e;
        }
    }

    private void pump(Socket from, Socket to) {
        var onTheWay = new LinkedBlockingQueue<Piece>();
        Thread.ofPlatform().daemon().name("link-in").start(() -> take(from, onTheWay));
        Thread.ofPlatform().daemon().name("link-out").start(() -> give(onTheWay, to));
    }

    /** An empty piece is the end. */
    private void take(Socket from, BlockingQueue<Piece> onTheWay) {
        var buffer = new byte[PIECE_BYTES];
        try {
            for (int read; (read = from.getInputStream().read(buffer)) > 0; ) {
                onTheWay.add(new Piece(Arrays.copyOf(buffer, read), System.nanoTime() + oneWayNanos));
            }
        } catch (IOException e) {
            // It ends like one that was closed.
        }
        onTheWay.add(new Piece(new byte[0], System.nanoTime() + oneWayNanos));
    }

    private void give(BlockingQueue<Piece> onTheWay, Socket to) {
        try (to) {
            for (var next = onTheWay.take(); next.bytes().length > 0; next = onTheWay.take()) {
                for (long left; (left = next.due() - System.nanoTime()) > 0; ) {
                    LockSupport.parkNanos(left);
                }
                to.getOutputStream().write(next.bytes());
            }
        } catch (IOException e) {
            // Nobody is there any more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        open.forEach(DelayingLink::close);
    }
}
