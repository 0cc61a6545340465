package dev.photon.ingress;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * All connections that clients have open, from accept to close: counted, bounded, and let go when the process ends.
 * Thread-safe.
 */
public final class Connections {
    /** After the grace, for answers that say that there will be none: nobody may be cut off before they are sent. */
    static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final HttpConfig config;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Set<Channel> listeners = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final LongAdder cutOff = new LongAdder();
    private final CompletableFuture<Void> gone = new CompletableFuture<>();
    private volatile boolean leaving;

    public Connections(HttpConfig config) {
        this.config = config;
    }

    /** A Vert.x whose servers' connections these are. */
    public Vertx vertx(VertxOptions options) {
        return Vertx.builder()
                .with(options)
                .withTransport(WatchedTransport.of(this::watch))
                .build();
    }

    HttpConfig config() {
        return config;
    }

    int count() {
        return count.get();
    }

    /** Those that came when there were as many as allowed. */
    long refused() {
        return refused.sum();
    }

    /** Those whose clients sent, or read, too slowly; of HTTP/2 also single requests. */
    long cutOff() {
        return cutOff.sum();
    }

    void countCutOff() {
        cutOff.increment();
    }

    /** How often {@link #tick} is to be called. */
    int tickMillis() {
        return Math.clamp(config.clientMillis() / 10, 20, 1_000);
    }

    /** Has each connection looked at, on its own event loop. */
    void tick() {
        var millis = tickMillis();
        open.forEach(connection -> connection.execute(() -> connection.tick(millis)));
    }

    /** How long a connection may last that has been told to end: the grace, and what follows when that is over. */
    int lastMillis() {
        return config.graceMillis() + (int) LAST_WORDS.toMillis();
    }

    /** Whether connections end with the request that they serve. */
    boolean isLeaving() {
        return leaving;
    }

    /**
     * Accepts no more connections, and ends each with its last answer.
     *
     * @return completes when none is left
     */
    CompletableFuture<Void> leave() {
        var closed = listeners.stream().map(Connections::close).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(closed).thenCompose(noMore -> {
            leaving = true;
            open.forEach(connection -> connection.execute(connection::leave));
            if (count.get() == 0) {
                gone.complete(null);
            }
            return gone;
        });
    }

    private static CompletableFuture<Void> close(Channel listener) {
        var closed = new CompletableFuture<Void>();
        listener.close().addListener(done -> closed.complete(null));
        return closed;
    }

    private void watch(ServerBootstrap bootstrap) {
        bootstrap.handler(new Accepting());
    }

    private void closed(Connection connection) {
        open.remove(connection);
        if (count.decrementAndGet() == 0 && leaving) {
            gone.complete(null);
        }
    }

    /** Stands where a listening socket hands out what it accepted. */
    @ChannelHandler.Sharable
    private final class Accepting extends ChannelInboundHandlerAdapter {
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            var listener = context.channel();
            listeners.add(listener);
            listener.closeFuture().addListener((ChannelFuture closed) -> listeners.remove(closed.channel()));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            var channel = (Channel) accepted;
            if (count.incrementAndGet() > config.maxConnections()) {
                count.decrementAndGet();
                refused.increment();
                channel.unsafe().closeForcibly();
                return;
            }
            var connection = new Connection(channel, Connections.this);
            open.add(connection);
            channel.closeFuture().addListener(done -> closed(connection));
            context.fireChannelRead(channel);
        }
    }
}
