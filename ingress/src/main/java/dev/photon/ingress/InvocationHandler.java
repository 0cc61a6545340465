package dev.photon.ingress;

import dev.photon.ingress.overflow.OtherRegion;
import dev.photon.protocol.CallKey;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationIds;
import dev.photon.registry.FunctionView;
import dev.photon.registry.Manifest;
import dev.photon.registry.Resolution;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
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
    private static final Exchange.Mode WAITING = new Exchange.Mode.Waiting();

    private final FunctionView view;
    private final Access access;
    private final Admission admission;
    private final Admission later;
    private final Exchange.Channels channels;
    private final IngressConfig config;
    private final CallCounters counters;
    private final StaticFiles files;
    private final Optional<Overflow> overflow;

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
    }

    /**
     * Which function is called, and with what.
     *
     * @param prefix what was taken from the front of the request's path, by other means than the function's name
     * @param path what the function sees as its path, percent-encoded
     * @param files whether the version's files are asked for, too
     */
    record Call(String function, Optional<String> version, Optional<String> prefix, String path, boolean files) {}

    /**
     * A call as it came.
     *
     * @param hop when another region sent it
     * @param started on {@link System#nanoTime}'s clock
     */
    private record Arrival(HttpServerRequest request, Call call, Optional<Hop> hop, long started) {
        Optional<String> version() {
            return hop.isPresent() ? hop.get().version().or(call::version) : call.version();
        }
    }

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
            case Resolution.NotHere elsewhere ->
                elsewhere(
                        arrival,
                        elsewhere.manifest(),
                        way(arrival, elsewhere),
                        elsewhere.coming()
                                ? "the version is on its way from region " + elsewhere.origin()
                                : "the version does not run in this region");
        }
    }

    private void missing(Arrival arrival, String message) {
        // Another region has it, so it has not come yet, or was deleted just now.
        var kind = arrival.hop().isPresent() ? ErrorKind.UNAVAILABLE : ErrorKind.NOT_FOUND;
        refuse(arrival.request(), new Problem(kind, message));
    }

    /**
     * Has another region answer.
     *
     * @param way the regions that may; empty when none can
     * @param reason why not this one; that is the answer then
     */
    private void elsewhere(Arrival arrival, Manifest manifest, List<OtherRegion> way, String reason) {
        if (way.isEmpty()) {
            refuse(arrival.request(), new Problem(ErrorKind.UNAVAILABLE, reason));
        } else {
            forward(arrival, manifest, way);
        }
    }

    private void forward(Arrival arrival, Manifest manifest, List<OtherRegion> way) {
        permit(admission, arrival.request(), manifest)
                .map(permit -> new Overflow.Leaving(
                        arrival.request(), InvocationIds.next(), manifest.version(), millis(arrival, manifest), permit))
                .ifPresent(leaving -> overflow.orElseThrow().forward(leaving, way));
    }

    private List<OtherRegion> way(Arrival arrival, Resolution.NotHere elsewhere) {
        if (isKeyed(arrival)) {
            return List.of();
        }
        var placement = elsewhere.manifest().placement();
        return overflow.map(others -> elsewhere.coming()
                        ? others.way(placement, arrival.hop(), elsewhere.origin())
                        : others.way(placement, arrival.hop()))
                .orElse(List.of());
    }

    private List<OtherRegion> way(Arrival arrival, Manifest manifest) {
        if (isKeyed(arrival)) {
            return List.of();
        }
        return overflow.map(others -> others.way(manifest.placement(), arrival.hop()))
                .orElse(List.of());
    }

    /** A key holds within a region: another one could run the call again. */
    private static boolean isKeyed(Arrival arrival) {
        return !(IdempotencyKey.of(arrival.request()) instanceof IdempotencyKey.None);
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

    /** Where to ask later is this region alone, so that whom another region sent waits. */
    private static Exchange.Mode mode(Arrival arrival, Manifest manifest) {
        return arrival.hop().isEmpty() && Preferences.wantsLater(arrival.request())
                ? new Exchange.Mode.Later(manifest.auth() == Manifest.Auth.PUBLIC)
                : WAITING;
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
            case IdempotencyKey.None none -> admit(arrival, found, mode(arrival, found.manifest()));
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
        if (channels.sender().stuck() && !isTried(arrival, manifest)) {
            elsewhere(arrival, manifest, way(arrival, manifest), LogStanding.AWAY);
            return;
        }
        if (!channels.sender().reaches(manifest.scaling().pool())) {
            elsewhere(
                    arrival,
                    manifest,
                    way(arrival, manifest),
                    "the function's pool '%s' is not one of this ingress"
                            .formatted(manifest.scaling().pool()));
            return;
        }
        var millis = millis(arrival, manifest, mode);
        var better = overflow.filter(others -> mode instanceof Exchange.Mode.Waiting)
                .map(others ->
                        others.better(manifest.placement(), manifest.scaling().pool(), arrival.hop(), millis))
                .orElse(List.of());
        if (!better.isEmpty()) {
            forward(arrival, manifest, better);
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
        var permit = permit(mode instanceof Exchange.Mode.Later ? later : admission, request, manifest);
        if (permit.isEmpty()) {
            return;
        }
        var counted = counters.admitted(manifest.name(), manifest.version(), arrival.started());
        var id = arrival.hop().isPresent() ? arrival.hop().get().idBeside(channels.pending()) : InvocationIds.next();
        var admitted = new Exchange.Admitted(request, id, found, head, millis, mode, permit.get(), counted);
        new Exchange(channels, config.maxRequestBytes(), admitted).read();
    }

    /** Whether the call is one of the few that find out if the log still takes nothing. */
    private boolean isTried(Arrival arrival, Manifest manifest) {
        var alone = way(arrival, manifest).isEmpty();
        return channels.sender().admits(alone ? LogStanding.TRY_OR_REFUSE : LogStanding.TRY_OR_FORWARD);
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
