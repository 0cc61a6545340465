package dev.photon.ingress;

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
 * </pre>
 */
final class InvocationHandler {
    private final FunctionView view;
    private final Access access;
    private final Admission admission;
    private final Exchange.Channels channels;
    private final IngressConfig config;
    private final CallCounters counters;
    private final StaticFiles files;

    InvocationHandler(
            FunctionView view,
            Access access,
            Admission admission,
            Exchange.Channels channels,
            IngressConfig config,
            CallCounters counters,
            StaticFiles files) {
        this.view = view;
        this.access = access;
        this.admission = admission;
        this.channels = channels;
        this.config = config;
        this.counters = counters;
        this.files = files;
    }

    /**
     * Which function is called, and with what.
     *
     * @param prefix what was taken from the front of the request's path, by other means than the function's name
     * @param path what the function sees as its path, percent-encoded
     * @param files whether the version's files are asked for, too
     */
    record Call(String function, Optional<String> version, Optional<String> prefix, String path, boolean files) {}

    void handle(HttpServerRequest request, Call call) {
        var started = System.nanoTime();
        var resolution = view.resolve(call.function(), call.version(), InvocationIds::next);
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
        if (access.checkCall(request, invited) instanceof Access.Verdict.Refused refused && !open) {
            refuse(request, refused.problem());
            return;
        }
        switch (resolution) {
            case Resolution.Found found -> {
                if (call.files() && found.manifest().assets().isPresent()) {
                    files.handle(request, found.manifest(), call.path(), () -> admit(request, call, found, started));
                } else {
                    admit(request, call, found, started);
                }
            }
            case Resolution.NoFunction none ->
                refuse(request, new Problem(ErrorKind.NOT_FOUND, "there is no function '" + none.name() + "'"));
            case Resolution.NoVersion none ->
                refuse(
                        request,
                        new Problem(
                                ErrorKind.NOT_FOUND,
                                "function '%s' has no version or alias '%s'".formatted(none.name(), none.version())));
            case Resolution.NoneLeft none ->
                refuse(
                        request,
                        new Problem(
                                ErrorKind.CONFLICT,
                                "no version is left that alias '%s' of function '%s' stands for"
                                        .formatted(none.alias(), none.name())));
            case Resolution.NotHere elsewhere ->
                refuse(
                        request,
                        new Problem(
                                ErrorKind.UNAVAILABLE,
                                elsewhere.coming()
                                        ? "the version is on its way from region " + elsewhere.origin()
                                        : "the version does not run in this region"));
        }
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

    private void admit(HttpServerRequest request, Call call, Resolution.Found found, long started) {
        if (found.manifest().filesOnly()) {
            refuse(
                    request,
                    new Problem(ErrorKind.NOT_FOUND, "'" + found.manifest().name() + "' has files, and no function"));
            return;
        }
        if (channels.sender().stuck()) {
            refuse(request, new Problem(ErrorKind.UNAVAILABLE, "the event log does not take requests now"));
            return;
        }
        if (!channels.sender().reaches(found.manifest().scaling().pool())) {
            refuse(
                    request,
                    new Problem(
                            ErrorKind.UNAVAILABLE,
                            "the function's pool '%s' is not one of this ingress"
                                    .formatted(found.manifest().scaling().pool())));
            return;
        }
        var head = head(request, call);
        if (head.headers().size() > Http.MAX_FIELDS) {
            refuse(
                    request,
                    new Problem(
                            ErrorKind.FIELDS_TOO_LARGE, "a call has at most " + Http.MAX_FIELDS + " header fields"));
            return;
        }
        var permit = admission.tryAdmit(found.manifest().name());
        if (permit.isEmpty()) {
            counters.overloaded(found.manifest().name(), found.manifest().version());
            refuse(request, new Problem(ErrorKind.OVERLOADED, "too many requests are in flight"));
            return;
        }
        var counted =
                counters.admitted(found.manifest().name(), found.manifest().version(), started);
        var id = InvocationIds.next();
        new Exchange(channels, config, new Exchange.Admitted(request, id, found, head, permit.get(), counted)).read();
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
        problem.send(request.response());
        Leftovers.drop(request);
    }
}
