package dev.photon.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.impl.Http1xOrH2CHandler;
import java.util.Optional;

/**
 * The end of a connection's pipeline that is next to the socket. It counts what passes, and has HTTP/2 without TLS begin
 * with its preface alone. Confined to the connection's event loop.
 */
final class Wire extends ChannelDuplexHandler {
    /** Vert.x's name for what turns a connection into HTTP/2 when a request asks for that. */
    private static final String UPGRADE = "h2c";

    private final Channel channel;
    private boolean spoken;
    private long received;
    private long given;
    private Optional<FileRegion> file = Optional.empty();

    Wire(Channel channel) {
        this.channel = channel;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        received += bytes.readableBytes();
        if (spoken) {
            context.fireChannelRead(bytes);
        } else {
            listen(context, bytes);
        }
    }

    /**
     * Vert.x decides by the first bytes whether this is HTTP/2, and where it is not, it would take an upgrade to it. As it
     * decides and acts in one step, it gets them one by one, so that there is a moment in between.
     */
    private void listen(ChannelHandlerContext context, ByteBuf bytes) {
        var pipeline = channel.pipeline();
        while (bytes.isReadable() && pipeline.get(Http1xOrH2CHandler.class) != null) {
            context.fireChannelRead(bytes.readRetainedSlice(1));
        }
        spoken = pipeline.get(Http1xOrH2CHandler.class) == null;
        if (pipeline.get(UPGRADE) != null) {
            pipeline.addBefore(UPGRADE, null, new NoUpgrade());
        }
        if (bytes.isReadable()) {
            context.fireChannelRead(bytes);
        } else {
            bytes.release();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            given += bytes.readableBytes();
        } else if (message instanceof FileRegion region) {
            given += region.count();
            file = Optional.of(region);
        }
        context.write(message, promise);
    }

    long received() {
        return received;
    }

    /** How many bytes the socket took, near enough: the buffer's own overhead counts as not taken. */
    long taken() {
        var buffer = channel.unsafe().outboundBuffer();
        if (buffer == null) {
            return given;
        }
        var unsent =
                file.filter(region -> region.transferred() < region.count()).map(FileRegion::count);
        return given - unsent.orElse(0L) - buffer.totalPendingWriteBytes() + buffer.currentProgress();
    }

    /** Whether bytes wait for the client to read. */
    boolean isUnread() {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer != null && buffer.totalPendingWriteBytes() > 0;
    }

    /** Whether it is we who do not read. */
    boolean isHeldUp() {
        return !channel.config().isAutoRead();
    }

    /** Whether bytes that were received were the client's own choice, and not a handshake's. */
    boolean isClear() {
        return channel.pipeline().get(SslHandler.class) == null;
    }

    /** Empty for HTTP/1.1, and before that is known. */
    Optional<Http2ConnectionHandler> http2() {
        return Optional.ofNullable(channel.pipeline().get(Http2ConnectionHandler.class));
    }

    /** Sends bytes in place of an answer, and closes. */
    void finish(byte[] last) {
        var encoder = channel.pipeline().context(HttpResponseEncoder.class);
        var from = encoder == null ? channel.pipeline().context(this) : encoder;
        from.writeAndFlush(Unpooled.wrappedBuffer(last)).addListener(ChannelFutureListener.CLOSE);
    }

    /** Closes as the protocol has it, after what is to be sent. */
    void close() {
        channel.close();
    }

    /** Closes without waiting for a client that does not read. */
    void cut() {
        channel.pipeline().context(this).close();
    }
}
