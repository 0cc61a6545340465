package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import dev.photon.registry.FunctionView;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every path an ingress answers. */
final class HttpRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRoutes.class);
    private static final String API = "/api/faas/v1";
    private static final String PLAIN = "/fn/";
    private static final int MULTIPART_OVERHEAD = 128 * 1024;

    private final InvocationHandler invocations;
    private final DeployHandler deployments;
    private final FunctionView view;
    private final BooleanSupplier ready;
    private final PrometheusMeterRegistry meters;
    private final IngressConfig config;

    HttpRoutes(
            InvocationHandler invocations,
            DeployHandler deployments,
            FunctionView view,
            BooleanSupplier ready,
            PrometheusMeterRegistry meters,
            IngressConfig config) {
        this.invocations = invocations;
        this.deployments = deployments;
        this.view = view;
        this.ready = ready;
        this.meters = meters;
        this.config = config;
    }

    Router router(Vertx vertx, String uploads) {
        var router = Router.router(vertx);
        // The two ways to call a function come first: they are the hot path.
        router.route(PLAIN + "*").handler(this::plainCall);
        router.route(API + "/execute/:name").handler(this::execute);
        router.route(API + "/execute/:name/:version").handler(this::execute);
        router.get(API + "/health").handler(exchange -> json(exchange, 200, new JsonObject().put("status", "up")));
        router.get(API + "/ready").handler(this::readiness);
        router.get(API + "/version")
                .handler(exchange -> json(exchange, 200, new JsonObject().put("version", Version.current())));
        router.get(API + "/functions").handler(exchange -> json(exchange, 200, new JsonArray(view.names())));
        router.get("/metrics").handler(this::metrics);
        router.post(API + "/deploy").handler(this::deployReady);
        router.post(API + "/deploy")
                .handler(BodyHandler.create(uploads)
                        .setBodyLimit(config.maxArtifactBytes() + MULTIPART_OVERHEAD)
                        .setDeleteUploadedFilesOnEnd(true));
        router.post(API + "/deploy").handler(deployments::handle);
        for (int status = 400; status < 600; status++) {
            router.errorHandler(status, this::failed);
        }
        return router;
    }

    private void plainCall(RoutingContext exchange) {
        var rest = exchange.request().path().substring(PLAIN.length());
        var slash = rest.indexOf('/');
        var name = slash < 0 ? rest : rest.substring(0, slash);
        var path = slash < 0 ? "" : rest.substring(slash);
        call(exchange, new InvocationHandler.Call(name, Optional.empty(), path));
    }

    private void execute(RoutingContext exchange) {
        var version = Optional.ofNullable(exchange.pathParam("version"));
        call(exchange, new InvocationHandler.Call(exchange.pathParam("name"), version, ""));
    }

    private void call(RoutingContext exchange, InvocationHandler.Call call) {
        if (ready.getAsBoolean()) {
            invocations.handle(exchange.request(), call);
        } else {
            notReady(exchange);
        }
    }

    private void deployReady(RoutingContext exchange) {
        if (ready.getAsBoolean()) {
            exchange.next();
        } else {
            notReady(exchange);
        }
    }

    private static void notReady(RoutingContext exchange) {
        new Problem(ErrorKind.UNAVAILABLE, "this ingress is starting or stopping").send(exchange.response());
    }

    private void readiness(RoutingContext exchange) {
        if (ready.getAsBoolean()) {
            json(exchange, 200, new JsonObject().put("status", "ready"));
        } else {
            notReady(exchange);
        }
    }

    private void metrics(RoutingContext exchange) {
        exchange.response()
                .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                .end(meters.scrape());
    }

    private static void json(RoutingContext exchange, int status, Object body) {
        exchange.response().setStatusCode(status).putHeader("content-type", "application/json");
        exchange.response().end(body.toString());
    }

    /** What Vert.x refuses by itself, a missing path or a body over the limit, gets the same form as the rest. */
    private void failed(RoutingContext exchange) {
        var status = exchange.statusCode();
        var problem = switch (status) {
            case 404, 405 -> new Problem(ErrorKind.NOT_FOUND, "there is nothing for this method at this path");
            case 413 ->
                new Problem(ErrorKind.TOO_LARGE, "a module has at most %d bytes".formatted(config.maxArtifactBytes()));
            default ->
                status < 500
                        ? new Problem(ErrorKind.BAD_REQUEST, "the request could not be read")
                        : new Problem(ErrorKind.INTERNAL, "the request failed here, not through your fault");
        };
        if (status >= 500) {
            LOG.atError().setCause(exchange.failure()).log("request failed");
        }
        problem.send(exchange.response());
    }
}
