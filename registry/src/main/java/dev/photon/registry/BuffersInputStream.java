package dev.photon.registry;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** Reads buffers one after the other, each from its position to its limit. */
final class BuffersInputStream extends InputStream {
    private final Queue<ByteBuffer> left;

    /**
     * @param buffers their positions move
     */
    BuffersInputStream(List<ByteBuffer> buffers) {
        this.left = new ArrayDeque<>(buffers);
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        while (!left.isEmpty() && !left.peek().hasRemaining()) {
            left.remove();
        }
        if (left.isEmpty()) {
            return -1;
        }
        var count = Math.min(length, left.peek().remaining());
        left.peek().get(into, offset, count);
        return count;
    }
}
