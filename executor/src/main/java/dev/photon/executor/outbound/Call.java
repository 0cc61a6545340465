package dev.photon.executor.outbound;

import dev.photon.executor.outbound.OutboundRequest.Redirects;
import dev.photon.executor.outbound.OutboundResult.Kind;
import dev.photon.executor.outbound.OutboundResult.Response;
import dev.photon.protocol.Header;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One call of a guest, hop after hop. Its state is confined to its context; {@link #start} and {@link #cancel} may be
 * called from any thread.
 */
final class Call {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** What has come is copied when it outgrows its array, and when it is whole. */
    private static final int COPIES = 2;

    private final Connector connector;
    private final Context context;
    private final Terms terms;
    private final Promise<Void> cancelled = Promise.promise();

    /**
     * What holds for every hop.
     *
     * @param answerBytes the longest body of an answer
     * @param room for that
     */
    record Terms(OutboundPolicy policy, Redirects redirects, int answerBytes, Room room) {}

    Call(Connector connector, Context context, Terms terms) {
        this.connector = connector;
        this.context = context;
        this.terms = terms;
    }

    /** The answer, or a {@link CallFailed}. */
    CompletableFuture<Response> start(Hop first) {
        var answer = new CompletableFuture<Response>();
        context.runOnContext(begin -> Future.succeededFuture(first)
                .compose(this::go)
                .onSuccess(answer::complete)
                .onFailure(answer::completeExceptionally));
        return answer;
    }

    /** Nobody waits any more: what is open is closed, and what is about to open will be. */
    void cancel() {
        context.runOnContext(now -> cancelled.tryComplete());
    }

    private Future<Response> go(Hop hop) {
        try {
            terms.policy().check(hop.method(), hop.to());
        } catch (CallFailed e) {
            return Future.failedFuture(e);
        }
        return connector
                .connect(hop, context, cancelled.future())
                .compose(request -> exchange(request, hop))
                .compose(answer -> next(answer, hop));
    }

    private Future<Response> exchange(HttpClientRequest request, Hop hop) {
        cancelled.future().onComplete(ended -> request.reset());
        request.exceptionHandler(failure -> {});
        return hop.content()
                .map(request::send)
                .orElseGet(request::send)
                .compose(answer -> read(answer, hop))
                .recover(failure -> Future.failedFuture(asCallFailed(failure, hop)));
    }

    private Future<Response> read(HttpClientResponse answer, Hop hop) {
        var read = Promise.<Response>promise();
        var body = Buffer.buffer();
        answer.exceptionHandler(read::tryFail);
        if (answer.statusCode() < 200) {
            answer.request().reset();
            read.tryFail("a switch of protocols");
        }
        answer.handler(piece -> {
            if (body.length() + piece.length() > terms.answerBytes()) {
                read.tryFail(tooLarge("the body of the answer has more than " + terms.answerBytes() + " bytes"));
                answer.request().reset();
            } else if (!terms.room().take((long) COPIES * piece.length())) {
                read.tryFail(tooLarge(OutboundCalls.NO_ROOM.reason()));
                answer.request().reset();
            } else {
                body.appendBuffer(piece);
            }
        });
        answer.endHandler(ended ->
                read.tryComplete(new Response(answer.statusCode(), hop.to().url(), headers(answer), body.getBytes())));
        return read.future();
    }

    private static List<Header> headers(HttpClientResponse answer) {
        return answer.headers().entries().stream()
                .map(field -> new Header(field.getKey().toLowerCase(Locale.ROOT), field.getValue()))
                .filter(field ->
                        field.name().equals("content-length") || !RequestHeaders.isOfTheConnection(field.name()))
                .toList();
    }

    private static CallFailed tooLarge(String reason) {
        return new CallFailed(Kind.TOO_LARGE, reason);
    }

    private static CallFailed asCallFailed(Throwable failure, Hop hop) {
        return switch (failure) {
            case CallFailed known -> known;
            case TooLongHttpHeaderException head -> tooLarge("the headers of the answer are too large");
            case TooLongHttpLineException line -> tooLarge("the first line of the answer is too large");
            default ->
                new CallFailed(
                        Kind.BROKEN, "the connection to " + hop.to().origin() + " broke before the answer's end");
        };
    }

    private Future<Response> next(Response answer, Hop hop) {
        var location = answer.headers().stream()
                .filter(field -> field.name().equals("location"))
                .findFirst();
        if (location.isEmpty() || !REDIRECTS.contains(answer.status()) || terms.redirects() == Redirects.MANUAL) {
            return Future.succeededFuture(answer);
        }
        if (terms.redirects() == Redirects.ERROR) {
            return Future.failedFuture(new CallFailed(Kind.REDIRECTED, "the answer is a redirect"));
        }
        try {
            return go(hop.redirected(answer.status(), location.get().value()));
        } catch (CallFailed e) {
            return Future.failedFuture(e);
        }
    }
}
