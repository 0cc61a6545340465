package dev.photon.executor.outbound;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server (RFC 1035) that has one address for every name, and never answers questions about {@code dead.*}. */
final class TestingNameServer implements AutoCloseable {
    private static final int HEADER = 12;
    private static final short TYPE_A = 1;
    private static final short POINTER_TO_QUESTION = (short) 0xc00c;

    final AtomicInteger questions = new AtomicInteger();
    final Set<Integer> ports = ConcurrentHashMap.newKeySet();
    private final Queue<byte[]> following = new ConcurrentLinkedQueue<>();
    private volatile byte[] address;
    private final DatagramSocket socket;

    TestingNameServer(String address) throws IOException {
        this.address = InetAddress.ofLiteral(address).getAddress();
        this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("testing-name-server").start(this::serve);
    }

    /** Changes its mind after the next answer. */
    TestingNameServer then(String other) {
        following.add(InetAddress.ofLiteral(other).getAddress());
        return this;
    }

    InetSocketAddress at() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    private void serve() {
        var packet = new DatagramPacket(new byte[512], 512);
        while (!socket.isClosed()) {
            try {
                packet.setLength(512);
                socket.receive(packet);
                answer(packet);
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void answer(DatagramPacket packet) throws IOException {
        questions.incrementAndGet();
        ports.add(packet.getPort());
        var question = packet.getData();
        if (question[HEADER] == 4 && question[HEADER + 1] == 'd') {
            return;
        }
        var end = HEADER;
        while (question[end] != 0) {
            end += question[end] + 1;
        }
        end += 5;
        var isA = ByteBuffer.wrap(question).getShort(end - 4) == TYPE_A;
        var answer = ByteBuffer.allocate(512).put(Arrays.copyOf(question, end));
        answer.putShort(2, (short) 0x8180).putShort(6, (short) (isA ? 1 : 0)).putInt(8, 0);
        if (isA) {
            answer.putShort(POINTER_TO_QUESTION).putShort(TYPE_A).putShort((short) 1);
            answer.putInt(0).putShort((short) address.length).put(address);
            Optional.ofNullable(following.poll()).ifPresent(next -> address = next);
        }
        socket.send(new DatagramPacket(answer.array(), answer.position(), packet.getSocketAddress()));
    }

    @Override
    public void close() {
        socket.close();
    }
}
