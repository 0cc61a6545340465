package dev.photon.ingress;

import dev.photon.protocol.Deadline;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.Replay;
import dev.photon.protocol.Target;
import dev.photon.protocol.TopicPlan;
import dev.photon.registry.FunctionView;
import dev.photon.registry.Manifest;
import dev.photon.registry.Resolution;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * {@code POST /function/{name}/replay}: has an executor run retained records again, and answers with its report while that
 * is written. An ingress has only a few going on at once.
 */
final class ReplayHandler {
    private static final int AT_ONCE = 4;
    private static final long LONGEST_MILLIS = Duration.ofMinutes(30).toMillis();

    private final Vertx vertx;
    private final FunctionView view;
    private final TopicPlan plan;
    private final Exchange.Channels channels;
    private final Semaphore room = new Semaphore(AT_ONCE);

    ReplayHandler(Vertx vertx, FunctionView view, TopicPlan plan, Exchange.Channels channels) {
        this.vertx = vertx;
        this.view = view;
        this.plan = plan;
        this.channels = channels;
    }

    /** Leaves the work on a request with what the client is told. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final ErrorKind kind;

        Refused(ErrorKind kind, String reason) {
            super(reason, null, false, false);
            this.kind = kind;
        }
    }

    void handle(RoutingContext exchange) {
        try {
            var replay = replay(exchange);
            if (!room.tryAcquire()) {
                throw new Refused(ErrorKind.OVERLOADED, "this ingress has " + AT_ONCE + " replays going on already");
            }
            new ReplayExchange(vertx, channels, exchange.request(), replay, room::release).start();
        } catch (Refused e) {
            new Problem(e.kind, e.getMessage()).send(exchange.response());
        }
    }

    private Replay replay(RoutingContext exchange) throws Refused {
        var name = exchange.pathParam("name");
        if (!view.has(name)) {
            throw new Refused(ErrorKind.NOT_FOUND, "there is no function '" + name + "'");
        }
        if (exchange.request().version() == HttpVersion.HTTP_1_0) {
            throw new Refused(ErrorKind.BAD_REQUEST, "a report needs HTTP/1.1 or HTTP/2");
        }
        var wish = wish(exchange, name);
        var candidate = version(name, wish.version());
        if (wish.baseline().isPresent()) {
            version(name, wish.baseline());
        }
        return new Replay(
                InvocationIds.next(),
                channels.source(),
                candidate,
                wish.baseline(),
                wish.from(),
                wish.to(),
                wish.trigger(),
                wish.sink(),
                Deadline.in(LONGEST_MILLIS),
                channels.replyTo());
    }

    private ReplayWish wish(RoutingContext exchange, String name) throws Refused {
        try {
            var body = exchange.body().asJsonObject();
            var wish = ReplayWish.read(body == null ? new JsonObject() : body, Clock.systemUTC());
            wish.check(view, name, plan);
            return wish;
        } catch (DecodeException | ClassCastException e) {
            throw new Refused(ErrorKind.BAD_REQUEST, "the body is not a JSON object");
        } catch (IllegalArgumentException e) {
            throw new Refused(ErrorKind.BAD_REQUEST, e.getMessage());
        }
    }

    /** One that can run here, and no alias, which may stand for several. */
    private Target.Resolved version(String name, Optional<String> wanted) throws Refused {
        return switch (view.resolve(name, wanted, InvocationIds::next)) {
            case Resolution.Found found -> {
                var manifest = found.manifest();
                if (wanted.isPresent() && !wanted.get().equals(manifest.version())) {
                    throw new Refused(ErrorKind.BAD_REQUEST, "'" + wanted.get() + "' is an alias: name a version");
                }
                if (manifest.filesOnly()) {
                    throw new Refused(ErrorKind.BAD_REQUEST, "'" + name + "' has files, and no function");
                }
                yield resolved(manifest, found);
            }
            case Resolution.NotHere elsewhere ->
                throw new Refused(
                        ErrorKind.UNAVAILABLE,
                        "version " + elsewhere.manifest().version() + " does not run in this region, or not yet");
            case Resolution.NoFunction none ->
                throw new Refused(ErrorKind.NOT_FOUND, "there is no function '" + none.name() + "'");
            case Resolution.NoVersion none ->
                throw new Refused(
                        ErrorKind.NOT_FOUND,
                        "function '%s' has no version '%s'".formatted(none.name(), none.version()));
            case Resolution.NoneLeft none ->
                throw new Refused(ErrorKind.BAD_REQUEST, "'" + none.alias() + "' is an alias: name a version");
        };
    }

    private static Target.Resolved resolved(Manifest manifest, Resolution.Found found) {
        return new Target.Resolved(manifest.name(), manifest.version(), manifest.digest(), found.viewPosition());
    }
}
