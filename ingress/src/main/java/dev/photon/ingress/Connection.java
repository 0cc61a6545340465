package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection. Looked at once in a while, it ends when its client keeps us waiting:
 *
 * <pre>
 *  nothing to do ──first byte──► head ──► body ──► (a function runs) ──► answer ──► nothing to do
 *  keep-alive time               client   pace     no limit here         pace
 *                                time
 * </pre>
 *
 * What we did not read, or did not yet answer, is not the client's fault and does not count. Confined to its event loop,
 * but for {@link #execute}.
 */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final AttributeKey<Connection> KEY = AttributeKey.valueOf(Connection.class, "photon");
    private static final int MANY = 16;
    private static final Problem TOO_SLOW = new Problem(
            ErrorKind.TOO_SLOW,
            "the request came too slowly, at less than " + Pace.BYTES_PER_SECOND + " bytes a second");

    private final Channel channel;
    private final Connections all;
    private final Wire wire;
    private final List<UnderWay> underWay = new ArrayList<>(1);
    private final Pace reading = new Pace();
    private int limit = MANY;
    private boolean used;
    private boolean ending;
    private boolean warned;

    /** Of a time with nothing to do. */
    private boolean idle;

    private long idled;
    private long receivedBefore;
    private boolean headBegun;

    Connection(Channel channel, Connections all) {
        this.channel = channel;
        this.all = all;
        this.wire = new Wire(channel);
        channel.attr(KEY).set(this);
        channel.pipeline().addLast(wire);
    }

    /** That of a request; Vert.x names the channel only in this class of its own. */
    static Connection of(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel().attr(KEY).get();
    }

    void execute(Runnable task) {
        channel.eventLoop().execute(task);
    }

    /** A request's head is there. */
    void begin(HttpServerRequest request) {
        used = true;
        idle = false;
        if (underWay.size() >= limit || request.version() != HttpVersion.HTTP_2) {
            underWay.removeIf(UnderWay::isOver);
            limit = Math.max(MANY, 2 * underWay.size());
        }
        var begun = new UnderWay(request);
        underWay.add(begun);
        if (all.isLeaving()) {
            begun.makeLast(all.lastMillis());
        }
    }

    /** Ends with the answers that are due. */
    void leave() {
        underWay.removeIf(UnderWay::isOver);
        var http2 = wire.http2();
        if (http2.isPresent()) {
            // Says to begin nothing new here (RFC 9113, section 6.8); what is on its way is still served, until a tick
            // later.
            goAway(http2.get(), Integer.MAX_VALUE);
        } else if (idle && !headBegun) {
            end();
        } else {
            underWay.forEach(request -> request.makeLast(all.lastMillis()));
        }
    }

    private void goAway(Http2ConnectionHandler http2, int lastStream) {
        var context = channel.pipeline().context(http2);
        http2.goAway(context, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, context.newPromise());
        context.flush();
    }

    /**
     * @param millis that went by since the call before
     */
    void tick(int millis) {
        if (ending) {
            // It was to close by itself.
            wire.cut();
            return;
        }
        underWay.removeIf(UnderWay::isOver);
        if (isUnread(millis)) {
            told("answer");
            wire.cut();
            return;
        }
        underWay.stream()
                .filter(request -> request.isLate(wire, millis, all.config().clientMillis()))
                .toList()
                .forEach(this::refuseRest);
        if (underWay.isEmpty() && !wire.isUnread()) {
            idle(millis);
        }
        if (all.isLeaving() && !warned) {
            warned = true;
            wire.http2().ifPresent(this::closeWhenDone);
        }
    }

    private void closeWhenDone(Http2ConnectionHandler http2) {
        goAway(http2, http2.connection().remote().lastStreamCreated());
        http2.gracefulShutdownTimeoutMillis(all.lastMillis());
        wire.close();
    }

    /** Whether answers wait for a client that hardly reads. */
    private boolean isUnread(int millis) {
        var streams = underWay.stream().filter(UnderWay::isUnread).count();
        var answers = streams == 0 && wire.isUnread() ? 1 : streams;
        if (answers == 0) {
            reading.restart(wire.taken());
            return false;
        }
        return reading.isTooSlow(wire.taken(), millis, all.config().clientMillis(), answers);
    }

    private void refuseRest(UnderWay request) {
        told("body");
        if (wire.http2().isPresent()) {
            request.reset(TOO_SLOW);
        } else if (request.isAnswered()) {
            end();
        } else {
            refuse();
        }
    }

    private void idle(int millis) {
        if (!idle) {
            idle = true;
            idled = 0;
            headBegun = false;
            receivedBefore = !used && wire.isClear() ? 0 : wire.received();
        }
        var http2 = wire.http2().isPresent();
        if (!headBegun && !http2 && wire.received() > receivedBefore) {
            headBegun = true;
            idled = 0;
        }
        idled += millis;
        if (idled > patience(http2, millis)) {
            if (headBegun) {
                told("head");
                refuse();
            } else {
                end();
            }
        }
    }

    private int patience(boolean http2, int millis) {
        if (all.isLeaving() && !headBegun) {
            return millis;
        }
        var canWait = !headBegun && (used || http2);
        return canWait ? all.config().keepAliveMillis() : all.config().clientMillis();
    }

    private void refuse() {
        ending = true;
        wire.finish(TOO_SLOW.asLastMessage().getBytes());
    }

    private void end() {
        ending = true;
        wire.close();
    }

    private void told(String what) {
        all.countCutOff();
        LOG.atInfo()
                .addKeyValue("address", channel.remoteAddress())
                .addKeyValue("slow", what)
                .log("client is too slow");
    }
}
