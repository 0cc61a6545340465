package dev.photon.ingress;

import dev.photon.protocol.CallKey;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationIds;
import dev.photon.registry.FunctionView;
import dev.photon.registry.Manifest;
import dev.photon.registry.Resolution;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Which function an HTTP request calls, and whether it may, on the request's event loop; what is admitted is an
 * {@link Exchange}.
 *
 * <pre>
 * resolve → another origin? → key → a file? → admit → exchange
 *                              └── not here, or not now ──► another region
 * </pre>
 */
final class InvocationHandler {
    private final FunctionView view;
    private final Access access;
    private final Admission admission;
    private final Admission later;
    private final Exchange.Channels channels;
    private final IngressConfig config;
    private final CallCounters counters;
    private final StaticFiles files;
    private final Optional<Overflow> overflow;
    private final Routing routing;

    /**
     * Who is let in, how many at once, and how they are counted.
     *
     * @param later of those that do not wait for their answer
     */
    record Entrance(Access access, Admission admission, Admission later, CallCounters counters) {}

    /**
     * @param overflow empty when there is no other region
     */
    InvocationHandler(
            FunctionView view,
            Entrance entrance,
            Exchange.Channels channels,
            IngressConfig config,
            StaticFiles files,
            Optional<Overflow> overflow) {
        this.view = view;
        this.access = entrance.access();
        this.admission = entrance.admission();
        this.later = entrance.later();
        this.channels = channels;
        this.config = config;
        this.counters = entrance.counters();
        this.files = files;
        this.overflow = overflow;
        this.routing = new Routing(channels.sender(), overflow);
    }

    /**
     * Which function is called, and with what.
     *
     * @param prefix what was taken from the front of the request's path, by other means than the function's name
     * @param path what the function sees as its path, percent-encoded
     * @param files whether the version's files are asked for, too
     */
    record Call(String function, Optional<String> version, Optional<String> prefix, String path, boolean files) {}

    /** A call that runs here, unless it had better run elsewhere. */
    private record Ready(Arrival arrival, Resolution.Found found, Invocation.HttpHead head, Exchange.Mode mode) {}

    void handle(HttpServerRequest request, Call call) {
        var hop = overflow.flatMap(others -> others.hop(request));
        var arrival = new Arrival(request, call, hop, System.nanoTime());
        var resolution = view.resolve(call.function(), arrival.version(), InvocationIds::next);
        var manifest = manifest(resolution);
        var cors = manifest.flatMap(Manifest::cors).map(rules -> new CrossOrigin(rules, request));
        cors.ifPresent(CrossOrigin::describe);
        if (cors.isPresent() && CrossOrigin.isPreflight(request)) {
            cors.get().answer();
            return;
        }
        var invited = cors.filter(CrossOrigin::isAllowed).isPresent();
        var open =
                manifest.filter(found -> found.auth() == Manifest.Auth.PUBLIC).isPresent();
        var verdict = access.checkCall(request, invited);
        if (verdict instanceof Access.Verdict.Refused refused && !open) {
            refuse(request, refused.problem());
            return;
        }
        switch (resolution) {
            case Resolution.Found found -> {
                if (call.files() && found.manifest().assets().isPresent()) {
                    files.handle(request, found.manifest(), call.path(), () -> admit(arrival, found, verdict));
                } else {
                    admit(arrival, found, verdict);
                }
            }
            case Resolution.NoFunction none -> missing(arrival, "there is no function '" + none.name() + "'");
            case Resolution.NoVersion none ->
                missing(arrival, "function '%s' has no version or alias '%s'".formatted(none.name(), none.version()));
            case Resolution.NoneLeft none ->
                refuse(
                        request,
                        new Problem(
                                ErrorKind.CONFLICT,
                                "no version is left that alias '%s' of function '%s' stands for"
                                        .formatted(none.alias(), none.name())));
            case Resolution.NotHere absent ->
                away(arrival, absent.manifest(), routing.of(arrival, absent), Optional.empty());
        }
    }

    private void missing(Arrival arrival, String message) {
        // Another region has it, so it has not come yet, or was deleted just now.
        var kind = arrival.hop().isPresent() ? ErrorKind.UNAVAILABLE : ErrorKind.NOT_FOUND;
        refuse(arrival.request(), new Problem(kind, message));
    }

    /**
     * @param here what runs the call in this region; empty when it cannot run here
     */
    private void away(Arrival arrival, Manifest manifest, Routing.Route.Away route, Optional<Leaving.LastResort> here) {
        var request = arrival.request();
        switch (route) {
            case Routing.Route.Nowhere nowhere -> refuse(request, new Problem(ErrorKind.UNAVAILABLE, nowhere.reason()));
            case Routing.Route.Elsewhere elsewhere -> {
                var id = InvocationIds.next();
                var millis = millis(arrival, manifest);
                var lastly = here.filter(run -> elsewhere.orHere());
                permit(admission, request, manifest)
                        .map(permit -> new Leaving(request, id, manifest.version(), millis, permit, lastly))
                        .ifPresent(call -> overflow.orElseThrow().forward(call, elsewhere.way()));
            }
        }
    }

    private long millis(Arrival arrival, Manifest manifest) {
        var own = manifest.limits().timeoutMillis() + config.queueMillis();
        return arrival.hop().isPresent() ? arrival.hop().get().atMost(own) : own;
    }

    private long millis(Arrival arrival, Manifest manifest, Exchange.Mode mode) {
        return mode instanceof Exchange.Mode.Later
                ? manifest.limits().timeoutMillis() + config.asyncQueueMillis()
                : millis(arrival, manifest);
    }

    /** Empty when there is none left; then the request is answered. */
    private Optional<Admission.Permit> permit(Admission admits, HttpServerRequest request, Manifest manifest) {
        var permit = admits.tryAdmit(manifest.name());
        if (permit.isEmpty()) {
            counters.overloaded(manifest.name(), manifest.version());
            refuse(request, new Problem(ErrorKind.OVERLOADED, "too many requests are in flight"));
        }
        return permit;
    }

    private static Optional<Manifest> manifest(Resolution resolution) {
        return switch (resolution) {
            case Resolution.Found found -> Optional.of(found.manifest());
            case Resolution.NotHere elsewhere -> Optional.of(elsewhere.manifest());
            case Resolution.NoFunction none -> Optional.empty();
            case Resolution.NoVersion none -> Optional.empty();
            case Resolution.NoneLeft none -> Optional.empty();
        };
    }

    private void admit(Arrival arrival, Resolution.Found found, Access.Verdict verdict) {
        switch (IdempotencyKey.of(arrival.request())) {
            case IdempotencyKey.None none -> admit(arrival, found, arrival.mode(found.manifest()));
            case IdempotencyKey.Given given -> {
                var caller = KeyedRequest.caller(arrival.request(), verdict);
                var hash = CallKey.hash(caller, found.manifest().name(), given.text());
                var head = head(arrival.request(), arrival.call());
                admit(arrival, found, new Exchange.Mode.Keyed(new KeyedRequest(hash, head, arrival.version())));
            }
            case IdempotencyKey.Malformed odd ->
                refuse(arrival.request(), new Problem(ErrorKind.BAD_REQUEST, odd.reason()));
        }
    }

    private void admit(Arrival arrival, Resolution.Found found, Exchange.Mode mode) {
        var request = arrival.request();
        var manifest = found.manifest();
        if (manifest.filesOnly()) {
            refuse(request, new Problem(ErrorKind.NOT_FOUND, "'" + manifest.name() + "' has files, and no function"));
            return;
        }
        var head = head(request, arrival.call());
        if (head.headers().size() > Http.MAX_FIELDS) {
            refuse(
                    request,
                    new Problem(
                            ErrorKind.FIELDS_TOO_LARGE, "a call has at most " + Http.MAX_FIELDS + " header fields"));
            return;
        }
        var ready = new Ready(arrival, found, head, mode);
        var millis = millis(arrival, manifest, mode);
        switch (routing.of(arrival, manifest, mode, millis)) {
            case Routing.Route.Here here ->
                permit(mode instanceof Exchange.Mode.Later ? later : admission, request, manifest)
                        .ifPresent(permit -> run(ready, id(arrival), millis, permit, TakenBody.NOTHING));
            case Routing.Route.Away away ->
                away(
                        arrival,
                        manifest,
                        away,
                        Optional.of((call, body, left) -> run(ready, call.id(), left, call.permit(), body)));
        }
    }

    private String id(Arrival arrival) {
        return arrival.hop().map(hop -> hop.idBeside(channels.pending())).orElseGet(InvocationIds::next);
    }

    private void run(Ready call, String id, long millis, Admission.Permit permit, TakenBody body) {
        var arrival = call.arrival();
        var manifest = call.found().manifest();
        var counted = counters.admitted(manifest.name(), manifest.version(), arrival.started());
        var framed = arrival.hop().filter(Hop::framed).isPresent();
        var exchanged = new Exchange.Admitted(
                arrival.request(), id, call.found(), call.head(), millis, call.mode(), permit, counted, framed);
        new Exchange(channels, config.maxRequestBytes(), exchanged).read(body);
    }

    private static Invocation.HttpHead head(HttpServerRequest request, Call call) {
        var query = Optional.ofNullable(request.query()).orElse("");
        var headers = Http.forwarded(request);
        call.prefix()
                .map(prefix -> new Header(Http.FORWARDED_PREFIX, prefix.isEmpty() ? "/" : prefix))
                .ifPresent(headers::add);
        return new Invocation.HttpHead(request.method().name(), call.path(), query, headers);
    }

    private void refuse(HttpServerRequest request, Problem problem) {
        counters.refused(problem.kind());
        switch (problem.kind()) {
            // Another region may do better.
            case UNAUTHORIZED, FORBIDDEN, OVERLOADED, UNAVAILABLE -> Hop.tellNotRun(request);
            default -> {}
        }
        problem.send(request.response());
        Leftovers.drop(request);
    }
}
