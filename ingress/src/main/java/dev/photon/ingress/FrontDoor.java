package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.PathDecoder;
import dev.photon.registry.FunctionView;
import dev.photon.registry.PlatformPaths;
import dev.photon.registry.RouteTable;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every request comes here first. Calls take no further turn, for they are the hot path; the rest goes to the router.
 *
 * <pre>
 * /fn/NAME/…, /api/faas/v1/execute/NAME[/VERSION] ─► call
 * a route's host and path, SUFFIX/NAME/…          ─► call
 * else                                            ─► router
 * </pre>
 */
final class FrontDoor implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final String PLAIN = "/fn/";
    private static final String EXECUTE = "/api/faas/v1/execute/";

    private final FunctionView view;
    private final InvocationHandler invocations;
    private final Supplier<Phase> phase;
    private final Handler<HttpServerRequest> router;
    private final Optional<String> region;

    /**
     * @param region what answers are said to come from; empty where there is only one
     */
    FrontDoor(
            FunctionView view,
            InvocationHandler invocations,
            Supplier<Phase> phase,
            Handler<HttpServerRequest> router,
            Optional<String> region) {
        this.view = view;
        this.invocations = invocations;
        this.phase = phase;
        this.router = router;
        this.region = region;
    }

    @Override
    public void handle(HttpServerRequest request) {
        try {
            dispatch(request);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("request failed");
            new Problem(ErrorKind.INTERNAL, "the request failed here, not through your fault").send(request.response());
            Leftovers.drop(request);
        }
    }

    private void dispatch(HttpServerRequest request) {
        if (region.isPresent()) {
            request.response().putHeader(Http.REGION, region.get());
        }
        var path = request.path();
        if (path.startsWith(PLAIN)) {
            call(request, named(path, PLAIN.length() - 1, Optional.empty()));
        } else if (path.startsWith(EXECUTE)) {
            executed(path).ifPresentOrElse(call -> call(request, call), () -> router.handle(request));
        } else if (PlatformPaths.owns(path)) {
            router.handle(request);
        } else if (!phase.get().serves()) {
            notServing(request);
        } else {
            route(request, path);
        }
    }

    private void call(HttpServerRequest request, InvocationHandler.Call call) {
        if (phase.get().serves()) {
            invocations.handle(request, call);
        } else {
            notServing(request);
        }
    }

    private static void notServing(HttpServerRequest request) {
        Hop.tellNotRun(request);
        refuse(request, Phase.NOT_SERVING);
    }

    /**
     * @param slash the one before the function's name
     */
    private static InvocationHandler.Call named(String path, int slash, Optional<String> suffix) {
        var end = path.indexOf('/', slash + 1);
        var rest = end < 0 ? path.length() : end;
        return new InvocationHandler.Call(
                path.substring(slash + 1, rest),
                Optional.empty(),
                suffix.map(before -> path.substring(0, rest)),
                path.substring(rest),
                true);
    }

    /** The name, perhaps with a version or alias, and nothing behind it. */
    private static Optional<InvocationHandler.Call> executed(String path) {
        var end = path.indexOf('/', EXECUTE.length());
        var name = PathDecoder.decode(path.substring(EXECUTE.length(), end < 0 ? path.length() : end));
        var version =
                PathDecoder.decode(end < 0 ? "" : path.substring(end + 1)).map(text -> text.replaceFirst("/$", ""));
        if (name.isEmpty() || version.isEmpty() || version.get().contains("/")) {
            return Optional.empty();
        }
        return Optional.of(new InvocationHandler.Call(
                name.get(), version.filter(text -> !text.isEmpty()), Optional.empty(), "", false));
    }

    private void route(HttpServerRequest request, String path) {
        switch (view.routes().find(host(request), path, CrossOrigin.method(request))) {
            case RouteTable.Match.Found found ->
                call(
                        request,
                        new InvocationHandler.Call(
                                found.function(), Optional.empty(), Optional.of(found.prefix()), found.rest(), true));
            case RouteTable.Match.OtherMethods others -> {
                request.response().putHeader(HttpHeaders.ALLOW, String.join(", ", others.allowed()));
                refuse(request, new Problem(ErrorKind.METHOD_NOT_ALLOWED, "there is a route here for other methods"));
            }
            case RouteTable.Match.Nothing nothing ->
                suffixed(path).ifPresentOrElse(call -> call(request, call), () -> router.handle(request));
        }
    }

    private static String host(HttpServerRequest request) {
        var authority = request.authority();
        return authority == null ? "" : authority.host().toLowerCase(Locale.ROOT);
    }

    /** Where a function's {@code execute_url_suffix} says so. */
    private Optional<InvocationHandler.Call> suffixed(String path) {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            var suffix = path.substring(0, slash);
            var call = named(path, slash, Optional.of(suffix));
            if (view.latest(call.function())
                    .filter(latest -> latest.urlSuffix().equals(suffix))
                    .isPresent()) {
                return Optional.of(call);
            }
        }
        return Optional.empty();
    }

    private static void refuse(HttpServerRequest request, Problem problem) {
        problem.send(request.response());
        Leftovers.drop(request);
    }
}
