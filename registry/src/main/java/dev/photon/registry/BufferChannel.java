package dev.photon.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** Reads a buffer as if it were a file. Confined to one thread. */
final class BufferChannel implements SeekableByteChannel {
    private final ByteBuffer content;
    private long most = Long.MAX_VALUE;

    /**
     * @param content between the buffer's position and limit
     */
    BufferChannel(ByteBuffer content) {
        this.content = content.slice();
    }

    /** From now on no more than so many bytes can be read. */
    void bound(long bytes) {
        most = bytes;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (!content.hasRemaining()) {
            return -1;
        }
        var length = Math.min(content.remaining(), into.remaining());
        most -= length;
        if (most < 0) {
            throw new IOException("more was read than is allowed");
        }
        into.put(content.slice(content.position(), length));
        content.position(content.position() + length);
        return length;
    }

    @Override
    public long position() {
        return content.position();
    }

    @Override
    public SeekableByteChannel position(long wanted) {
        content.position((int) Math.min(wanted, content.limit()));
        return this;
    }

    @Override
    public long size() {
        return content.limit();
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    /** The buffer stays its owner's. */
    @Override
    public void close() {
        // There is nothing to close.
    }
}
