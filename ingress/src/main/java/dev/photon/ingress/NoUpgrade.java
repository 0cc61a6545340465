package dev.photon.ingress;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Ignores a wish to go on with HTTP/2 (RFC 9110, section 7.8, allows that), which only the first request of a connection
 * can have. RFC 9113, section 3.1, gave it up, and Vert.x neither bounds nor holds back the body of such a request.
 */
final class NoUpgrade extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            request.headers().remove(HttpHeaderNames.UPGRADE);
            context.pipeline().remove(this);
        }
        context.fireChannelRead(message);
    }
}
