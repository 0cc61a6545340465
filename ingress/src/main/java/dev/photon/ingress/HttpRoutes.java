package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Liveness;
import dev.photon.registry.KeyRole;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every path that is about functions; those that call them are the {@link FrontDoor}'s. */
final class HttpRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(HttpRoutes.class);
    private static final int MULTIPART_OVERHEAD = 128 * 1024;
    private static final int MAX_JSON_BYTES = 64 * 1024;

    private final DeployHandler deployments;
    private final FunctionsHandler functions;
    private final TriggersHandler triggers;
    private final KeysHandler keys;
    private final SecretsHandler secrets;
    private final EntriesHandler entries;
    private final LogsHandler logs;
    private final DeadLettersHandler deadLetters;
    private final ReplayHandler replays;
    private final UsageHandler usage;
    private final RegionsHandler regions;
    private final ResultsHandler results;
    private final DrainHandler drains;
    private final Access access;
    private final Supplier<Phase> phase;
    private final PrometheusMeterRegistry meters;
    private final IngressConfig config;

    /** What answers, by what it is about. */
    record Handlers(
            DeployHandler deployments,
            FunctionsHandler functions,
            TriggersHandler triggers,
            KeysHandler keys,
            SecretsHandler secrets,
            EntriesHandler entries,
            LogsHandler logs,
            DeadLettersHandler deadLetters,
            ReplayHandler replays,
            UsageHandler usage,
            RegionsHandler regions,
            ResultsHandler results,
            DrainHandler drains) {}

    HttpRoutes(
            Handlers handlers,
            Access access,
            Supplier<Phase> phase,
            PrometheusMeterRegistry meters,
            IngressConfig config) {
        this.deployments = handlers.deployments();
        this.functions = handlers.functions();
        this.triggers = handlers.triggers();
        this.keys = handlers.keys();
        this.secrets = handlers.secrets();
        this.entries = handlers.entries();
        this.logs = handlers.logs();
        this.deadLetters = handlers.deadLetters();
        this.replays = handlers.replays();
        this.usage = handlers.usage();
        this.regions = handlers.regions();
        this.results = handlers.results();
        this.drains = handlers.drains();
        this.access = access;
        this.phase = phase;
        this.meters = meters;
        this.config = config;
    }

    /**
     * @param uploads a folder for files that arrive
     */
    Router router(Vertx vertx, String uploads) {
        var router = Router.router(vertx);
        router.route().handler(HttpRoutes::readNoMoreThanNeeded);
        for (var endpoint : Endpoint.values()) {
            add(router, endpoint, uploads);
        }
        for (int status = 400; status < 600; status++) {
            router.errorHandler(status, this::failed);
        }
        return router;
    }

    private void add(Router router, Endpoint endpoint, String uploads) {
        endpoint.needed().ifPresent(needed -> route(router, endpoint).handler(exchange -> admit(exchange, needed)));
        switch (endpoint) {
            case CALL_PLAIN, EXECUTE_LATEST, EXECUTE_VERSION -> {
                // These are calls, which do not come here.
            }
            case RESULT -> route(router, endpoint).handler(whenReady(results::handle));
            case HEALTH -> route(router, endpoint).handler(HttpRoutes::health);
            case READY -> route(router, endpoint).handler(when(Phase.SERVING::equals, regions::ready));
            case SERVING -> route(router, endpoint).handler(when(Phase.SERVING::equals, regions::serving));
            case VERSION -> route(router, endpoint).handler(HttpRoutes::version);
            case DEPLOY -> withBody(router, endpoint, upload(uploads), deployments::handle);
            case FUNCTIONS -> route(router, endpoint).handler(functions::functions);
            case VERSIONS -> route(router, endpoint).handler(functions::versions);
            case ROUTES -> route(router, endpoint).handler(functions::routes);
            case REGIONS -> route(router, endpoint).handler(regions::handle);
            case DRAIN -> route(router, endpoint).handler(whenReady(drains::drain));
            case UNDRAIN -> route(router, endpoint).handler(whenReady(drains::undrain));
            case ALIASES -> route(router, endpoint).handler(functions::aliases);
            case ASSETS -> route(router, endpoint).handler(functions::assets);
            case HISTORY -> route(router, endpoint).handler(functions::history);
            case GET_ALIAS -> route(router, endpoint).handler(functions::alias);
            case PUT_ALIAS -> withBody(router, endpoint, json(), functions::putAlias);
            case DELETE_ALIAS -> route(router, endpoint).handler(whenReady(functions::deleteAlias));
            case TRIGGERS -> route(router, endpoint).handler(triggers::list);
            case FUNCTION_TRIGGERS -> route(router, endpoint).handler(triggers::ofFunction);
            case PAUSE_TRIGGER -> route(router, endpoint).handler(whenReady(triggers::pause));
            case RESUME_TRIGGER -> route(router, endpoint).handler(whenReady(triggers::resume));
            case SEEK_TRIGGER -> withBody(router, endpoint, json(), triggers::seek);
            case REPLAY -> withBody(router, endpoint, json(), replays::handle);
            case DELETE_FUNCTION -> route(router, endpoint).handler(whenReady(functions::deleteFunction));
            case DELETE_VERSION -> route(router, endpoint).handler(whenReady(functions::deleteVersion));
            case DOWNLOAD_LATEST, DOWNLOAD_VERSION -> route(router, endpoint).handler(functions::download);
            case LOGS -> route(router, endpoint).handler(logs::handle);
            case DEAD_LETTERS -> route(router, endpoint).handler(whenReady(deadLetters::list));
            case DEAD_LETTER -> route(router, endpoint).handler(whenReady(deadLetters::show));
            case REDRIVE -> route(router, endpoint).handler(whenReady(deadLetters::redrive));
            case REDRIVE_ALL -> route(router, endpoint).handler(whenReady(deadLetters::redriveAll));
            case DROP -> route(router, endpoint).handler(whenReady(deadLetters::drop));
            case DROP_ALL -> route(router, endpoint).handler(whenReady(deadLetters::dropAll));
            case USAGE -> route(router, endpoint).handler(usage::handle);
            case KEYS -> route(router, endpoint).handler(keys::list);
            case CREATE_KEY -> withBody(router, endpoint, json(), keys::create);
            case REVOKE_KEY -> route(router, endpoint).handler(whenReady(keys::revoke));
            case SECRETS -> route(router, endpoint).handler(secrets::list);
            case SET_SECRET -> withBody(router, endpoint, json(), secrets::set);
            case DELETE_SECRET -> route(router, endpoint).handler(whenReady(secrets::delete));
            case ENTRIES -> route(router, endpoint).handler(entries::list);
            case SET_ENTRY -> withBody(router, endpoint, json(), entries::set);
            case DELETE_ENTRY -> route(router, endpoint).handler(whenReady(entries::delete));
            case METRICS -> route(router, endpoint).handler(this::metrics);
            case OPENAPI -> route(router, endpoint).handler(HttpRoutes::openApi);
        }
    }

    private static void readNoMoreThanNeeded(RoutingContext exchange) {
        exchange.addEndHandler(answered -> Leftovers.drop(exchange.request()));
        exchange.next();
    }

    /** Before anything of the body is read. */
    private void admit(RoutingContext exchange, KeyRole needed) {
        switch (access.check(exchange.request(), needed)) {
            case Access.Verdict.Granted granted -> exchange.next();
            case Access.Verdict.Refused refused -> refused.problem().send(exchange.response());
        }
    }

    /** Vert.x wants what reads a body to be first of its route, and we want to be ready before we read. */
    private void withBody(Router router, Endpoint endpoint, BodyHandler body, Handler<RoutingContext> handler) {
        route(router, endpoint).handler(whenReady(RoutingContext::next));
        route(router, endpoint).handler(body);
        route(router, endpoint).handler(handler);
    }

    private BodyHandler upload(String uploads) {
        return BodyHandler.create(uploads)
                .setBodyLimit((long) config.maxArtifactBytes() + config.maxAssetsBytes() + MULTIPART_OVERHEAD)
                .setDeleteUploadedFilesOnEnd(true);
    }

    private static BodyHandler json() {
        return BodyHandler.create(false).setBodyLimit(MAX_JSON_BYTES);
    }

    private static Route route(Router router, Endpoint endpoint) {
        var path = endpoint.path().replace('{', ':').replace("}", "");
        return endpoint.method().isPresent() ? router.route(endpoint.method().get(), path) : router.route(path);
    }

    private Handler<RoutingContext> whenReady(Handler<RoutingContext> handler) {
        return when(Phase::serves, handler);
    }

    private Handler<RoutingContext> when(Predicate<Phase> fits, Handler<RoutingContext> handler) {
        return exchange -> {
            if (fits.test(phase.get())) {
                handler.handle(exchange);
            } else {
                Phase.NOT_SERVING.send(exchange.response());
                Leftovers.drop(exchange.request());
            }
        };
    }

    private static void health(RoutingContext exchange) {
        var stuck = Liveness.stuck();
        if (stuck.isEmpty()) {
            status(exchange, "up");
        } else {
            new Problem(ErrorKind.UNAVAILABLE, "stuck: " + stuck).send(exchange.response());
        }
    }

    private static void status(RoutingContext exchange, String status) {
        Http.json(exchange.response(), 200, new JsonObject().put("status", status));
    }

    private static void version(RoutingContext exchange) {
        Http.json(exchange.response(), 200, new JsonObject().put("version", Version.current()));
    }

    private static void openApi(RoutingContext exchange) {
        exchange.response().putHeader("content-type", "application/json").end(OpenApi.document());
    }

    private void metrics(RoutingContext exchange) {
        // Off the event loop: there may be thousands of lines.
        exchange.vertx()
                .executeBlocking(() -> meters.scrape())
                .onSuccess(text -> exchange.response()
                        .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(text))
                .onFailure(exchange::fail);
    }

    /** What Vert.x refuses by itself, a missing path or a body over the limit, gets the same form as the rest. */
    private void failed(RoutingContext exchange) {
        var status = exchange.statusCode();
        var problem = switch (status) {
            case 404, 405 -> new Problem(ErrorKind.NOT_FOUND, "there is nothing for this method at this path");
            case 413 ->
                new Problem(
                        ErrorKind.TOO_LARGE,
                        "a module has at most %d bytes, an archive of files %d, a JSON body %d"
                                .formatted(config.maxArtifactBytes(), config.maxAssetsBytes(), MAX_JSON_BYTES));
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
