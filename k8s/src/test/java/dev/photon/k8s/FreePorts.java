package dev.photon.k8s;

import java.io.IOException;
import java.net.ServerSocket;

/**
 * Ports of this machine that nobody uses. They are below those that the system gives to outgoing connections, one of which
 * could otherwise have the port of a container that is to be started again.
 */
final class FreePorts {
    private static final int END = 32_000;

    private int next = 20_000;

    int next() {
        for (; next < END; next++) {
            try (var socket = new ServerSocket(next)) {
                next++;
                return socket.getLocalPort();
            } catch (IOException e) {
                // Someone has it.
            }
        }
        throw new AssertionError("all ports are used");
    }
}
