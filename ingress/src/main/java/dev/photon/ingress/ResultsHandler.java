package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import dev.photon.protocol.Result;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Gives the answers of asynchronous calls to those who ask for them: who knows the address, and may call functions unless
 * the function was for everybody. Each on its request's event loop.
 */
final class ResultsHandler {
    private static final String RETRY_AFTER_SECONDS = "1";

    private static final String RUNNING = "running";
    private static final String DONE = "done";

    private final Access access;
    private final ResultReader results;
    private final Duration kept;
    private final Clock clock;

    /**
     * @param kept how long an answer is given
     */
    ResultsHandler(Access access, ResultReader results, Duration kept, Clock clock) {
        this.access = access;
        this.results = results;
        this.kept = kept;
        this.clock = clock;
    }

    void handle(RoutingContext exchange) {
        var request = exchange.request();
        var verdict = access.checkCall(request, false);
        var place = ResultPlace.parse(exchange.pathParam("id"));
        if (place.isEmpty()) {
            refuse(request, verdict, new Problem(ErrorKind.NOT_FOUND, "there is no such result"));
            return;
        }
        if (!place.get().open() && isRefused(request, verdict)) {
            return;
        }
        var context = Vertx.currentContext();
        if (!results.find(place.get(), found -> on(context, () -> answer(request, verdict, place.get(), found)))) {
            new Problem(ErrorKind.OVERLOADED, "too many results are asked for").send(request.response());
        }
    }

    private static void on(Context context, Runnable step) {
        context.runOnContext(ignored -> step.run());
    }

    private void answer(
            HttpServerRequest request, Access.Verdict verdict, ResultPlace place, ResultReader.Found found) {
        if (request.response().closed() || request.response().ended()) {
            return;
        }
        switch (found) {
            case ResultReader.Found.Running running -> running(request, verdict, running.accepted());
            case ResultReader.Found.Done done -> {
                if (!done.answered().open() && isRefused(request, verdict)) {
                    return;
                }
                if (done.storedMillis() + kept.toMillis() < clock.millis()) {
                    gone().send(request.response());
                } else {
                    share(request.response(), done.answered().open());
                    answer(request.response(), place.id(), done.answered().reply());
                }
            }
            case ResultReader.Found.Gone gone -> refuse(request, verdict, gone());
            case ResultReader.Found.Nothing nothing ->
                refuse(request, verdict, new Problem(ErrorKind.NOT_FOUND, "there is no such result"));
            case ResultReader.Found.Unknown unknown ->
                new Problem(ErrorKind.UNAVAILABLE, "the event log cannot be read now").send(request.response());
        }
    }

    private Problem gone() {
        return new Problem(ErrorKind.GONE, "results are kept for %d hours".formatted(kept.toHours()));
    }

    /** Who is not let in does not hear whether there was anything. */
    private static void refuse(HttpServerRequest request, Access.Verdict verdict, Problem problem) {
        if (!isRefused(request, verdict)) {
            problem.send(request.response());
        }
    }

    private static boolean isRefused(HttpServerRequest request, Access.Verdict verdict) {
        if (verdict instanceof Access.Verdict.Refused refused) {
            refused.problem().send(request.response());
            return true;
        }
        return false;
    }

    private void running(HttpServerRequest request, Access.Verdict verdict, Result.Accepted accepted) {
        if (!accepted.open() && isRefused(request, verdict)) {
            return;
        }
        var id = accepted.id();
        if (accepted.deadlineMillis() + Result.STORING.toMillis() < clock.millis()) {
            new Problem(ErrorKind.TIMEOUT, "no answer was kept", Optional.of(id))
                    .send(request.response().putHeader(Http.RESULT, DONE));
        } else {
            share(request.response(), accepted.open());
            sendRunning(request.response().putHeader(Http.INVOCATION_ID, id), id);
        }
    }

    /** Pages of any origin may read what everybody may. What the function says of that was for who called it. */
    private static void share(HttpServerResponse response, boolean open) {
        if (open) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                    .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, "*");
        }
    }

    /** That there is no answer yet. */
    static void sendRunning(HttpServerResponse response, String id) {
        response.putHeader(Http.RESULT, RUNNING)
                .putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Http.json(response, 202, new JsonObject().put("status", "running").put("invocationId", id));
    }

    private static void answer(HttpServerResponse response, String id, Reply reply) {
        response.putHeader(Http.RESULT, DONE).putHeader(Http.INVOCATION_ID, id);
        reply.version().ifPresent(version -> response.putHeader(Http.VERSION, version));
        switch (reply.outcome()) {
            case Reply.Answer answer -> {
                if (FunctionAnswer.addFields(response, answer.headers(), field -> !CrossOrigin.isOurs(field))) {
                    FunctionAnswer.end(response, answer);
                } else {
                    unfit(id).send(response);
                }
            }
            // What is kept is whole.
            case Reply.Begun begun -> unfit(id).send(response);
            case Reply.Failure failure ->
                new Problem(failure.kind(), failure.message(), Optional.of(id)).sendForGood(response);
        }
    }

    private static Problem unfit(String id) {
        return new Problem(
                ErrorKind.FUNCTION_FAILED, "the function's answer is none that HTTP allows", Optional.of(id));
    }
}
