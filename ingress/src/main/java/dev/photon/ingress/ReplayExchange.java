package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Replay;
import dev.photon.protocol.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A replay that somebody waits for: its executor hears every few seconds that this is so, and at once when it is not so any
 * more. A report that is not whole ends with a line that says why. Confined to its event loop.
 */
final class ReplayExchange implements AnswerStream.Client {
    private final Vertx vertx;
    private final Exchange.Channels channels;
    private final HttpServerRequest request;
    private final Replay replay;
    private final Runnable over;
    private long timer;
    private Optional<AnswerStream> report = Optional.empty();
    private boolean ended;

    /**
     * @param over runs once, when it has ended
     */
    ReplayExchange(Vertx vertx, Exchange.Channels channels, HttpServerRequest request, Replay replay, Runnable over) {
        this.vertx = vertx;
        this.channels = channels;
        this.request = request;
        this.replay = replay;
        this.over = over;
    }

    void start() {
        response().closeHandler(closed -> giveUp());
        if (response().closed()) {
            finish();
            return;
        }
        try {
            send();
        } catch (RuntimeException e) {
            giveUp();
            throw e;
        }
    }

    private void send() {
        var until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Replay.UNTAKEN_MILLIS);
        timer = vertx.setPeriodic(
                Replay.AWAITED_MILLIS, tick -> channels.sender().awaited(replay.id()));
        channels.pending()
                .await(
                        replay.id(),
                        new PendingReplies.Waiter(
                                Vertx.currentContext(), until, (outcome, version) -> receive(outcome)));
        channels.sender().send(replay);
    }

    private HttpServerResponse response() {
        return request.response();
    }

    private void receive(Reply.Outcome outcome) {
        if (ended) {
            return;
        }
        switch (outcome) {
            case Reply.Begun begun -> {
                response().setStatusCode(begun.status()).setChunked(true);
                begun.headers().forEach(header -> response().putHeader(header.name(), header.value()));
                report = Optional.of(channels.answers().open(begun, this));
            }
            case Reply.Answer answer -> fail(ErrorKind.INTERNAL, "the replay came to no report");
            case Reply.Failure failure ->
                fail(
                        failure.kind() == ErrorKind.TIMEOUT ? ErrorKind.UNAVAILABLE : failure.kind(),
                        failure.kind() == ErrorKind.TIMEOUT
                                ? "no executor took the replay within " + Replay.UNTAKEN_MILLIS / 1_000 + " s"
                                : failure.message());
        }
    }

    private void fail(ErrorKind kind, String reason) {
        giveUp();
        new Problem(kind, reason).send(response());
    }

    @Override
    public Future<Void> write(byte[] bytes) {
        return response().closed() || response().ended()
                ? Future.failedFuture("the client is gone")
                : response().write(Buffer.buffer(bytes));
    }

    @Override
    public void end() {
        finish();
        if (!response().closed()) {
            response().end();
        }
    }

    /** What came last may be half a line. */
    @Override
    public void broken(Reply.Failure reason) {
        giveUp();
        if (!response().closed() && !response().ended()) {
            var line = new JsonObject().put("type", "failed").put("detail", reason.message());
            response().end("\n" + line.encode() + "\n");
        }
    }

    /** Nobody waits any more, or nothing comes. */
    private void giveUp() {
        if (!ended) {
            finish();
            channels.pending().forget(replay.id());
            channels.sender().cancel(replay.id());
        }
    }

    private void finish() {
        if (!ended) {
            ended = true;
            vertx.cancelTimer(timer);
            report.ifPresent(AnswerStream::close);
            over.run();
        }
    }
}
