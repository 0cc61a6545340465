package dev.photon.ingress;

import dev.photon.protocol.CommandResult;
import dev.photon.protocol.ErrorKind;
import dev.photon.registry.CommandSender;
import dev.photon.registry.FunctionView;
import dev.photon.registry.KeyRole;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;

/** Sends a command, and answers the request with the registry's decision. */
final class CommandHandler {
    private static final long PATIENCE_MILLIS = Duration.ofSeconds(30).toMillis();

    private final Access access;
    private final Vertx vertx;
    private final CommandSender sender;
    private final FunctionView view;

    CommandHandler(Vertx vertx, CommandSender sender, FunctionView view, Access access) {
        this.access = access;
        this.vertx = vertx;
        this.sender = sender;
        this.view = view;
    }

    /** Leaves the preparation of a command with what the client is told. */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1;
        private final ErrorKind kind;

        Unfit(ErrorKind kind, String reason) {
            super(reason, null, false, false);
            this.kind = kind;
        }
    }

    /** Sends a command. */
    interface Sending {
        /**
         * @param who wishes it
         */
        CommandSender.Sent by(String who) throws Exception;
    }

    /** How the client is told that its wish is fulfilled. */
    interface Wording {
        JsonObject of(CommandResult.Accepted accepted);

        /** While nothing is known. */
        default JsonObject pending() {
            return new JsonObject().put("status", "pending");
        }
    }

    /**
     * Looks at the key again, which may have been revoked while the request was read. Answers 200 only once this ingress itself would find the change, and 202 when the registry, or this ingress's
     * view, does not know within 30 s.
     *
     * @param sending may block, and runs on a worker thread
     */
    void handle(RoutingContext exchange, KeyRole needed, Sending sending, Wording wording) {
        switch (access.check(exchange.request(), needed)) {
            case Access.Verdict.Granted granted -> send(exchange, () -> sending.by(granted.by()), wording);
            case Access.Verdict.Refused refused -> refused.problem().send(exchange.response());
        }
    }

    private void send(RoutingContext exchange, Callable<CommandSender.Sent> sending, Wording wording) {
        vertx.executeBlocking(sending, false)
                .compose(sent -> decided(sent)
                        .onComplete(done -> sender.forget(sent.commandId()))
                        .<Runnable>map(decision -> () -> answer(exchange, sent, decision, wording))
                        .recover(failure -> failure instanceof TimeoutException
                                ? Future.succeededFuture(() -> json(exchange, 202, wording.pending(), sent))
                                : Future.failedFuture(failure)))
                .onSuccess(Runnable::run)
                .onFailure(failure -> problem(failure).send(exchange.response()));
    }

    private Future<CommandResult.Decision> decided(CommandSender.Sent sent) {
        var context = vertx.getOrCreateContext();
        var known = sent.decision().orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        return Future.fromCompletionStage(known, context)
                .compose(decision -> decision instanceof CommandResult.Accepted accepted
                        ? Future.fromCompletionStage(
                                        view.awaitPosition(accepted.view())
                                                .orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS),
                                        context)
                                .map(seen -> decision)
                        : Future.succeededFuture(decision));
    }

    private static void answer(
            RoutingContext exchange, CommandSender.Sent sent, CommandResult.Decision decision, Wording wording) {
        switch (decision) {
            case CommandResult.Accepted accepted -> json(exchange, 200, wording.of(accepted), sent);
            case CommandResult.Rejected rejected ->
                new Problem(rejected.kind(), rejected.reason()).send(exchange.response());
        }
    }

    private static void json(RoutingContext exchange, int status, JsonObject body, CommandSender.Sent sent) {
        Http.json(exchange.response(), status, body.put("deploymentId", sent.commandId()));
    }

    private static Problem problem(Throwable failure) {
        return switch (failure) {
            case Unfit unfit -> new Problem(unfit.kind, unfit.getMessage());
            case KafkaException away -> new Problem(ErrorKind.UNAVAILABLE, "the event log does not take changes now");
            default -> new Problem(ErrorKind.INTERNAL, "the request could not be read");
        };
    }
}
