package dev.photon.cli.local;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Serves {@code /<function>/…} on loopback by handing it on as {@code /fn/<function>/…} to an ingress, which decides and
 * answers as ever, and prints a line for each request. Other paths go on as they are. On event loops.
 */
final class Front {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int BAD_GATEWAY = 502;

    /** More than an ingress admits, so that it is the one to refuse. */
    private static final int CONNECTIONS = 8_192;

    private final int ingressPort;
    private final Predicate<String> isFunction;
    private final Screen screen;
    private final HttpClient client;
    private final HttpServer server;

    /**
     * @param vertx closes the server and the client when it is closed
     * @param isFunction whether a path that begins with that name is a call
     */
    Front(Vertx vertx, int ingressPort, Predicate<String> isFunction, Screen screen) {
        this.ingressPort = ingressPort;
        this.isFunction = isFunction;
        this.screen = screen;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setMaxHeaderSize(1 << 20), new PoolOptions().setHttp1MaxSize(CONNECTIONS));
        this.server = vertx.createHttpServer(new HttpServerOptions().setHandle100ContinueAutomatically(true))
                .requestHandler(this::handle);
    }

    /**
     * @param port 0 takes a free one
     */
    Future<Void> listen(int port) {
        return server.listen(port, LOOPBACK).mapEmpty();
    }

    int port() {
        return server.actualPort();
    }

    private void handle(HttpServerRequest request) {
        var exchange = new Exchange(request);
        request.pause();
        request.response().closeHandler(closed -> exchange.disconnected());
        request.exceptionHandler(broken -> exchange.disconnected());
        client.request(new RequestOptions()
                        .setMethod(request.method())
                        .setHost(LOOPBACK)
                        .setPort(ingressPort)
                        .setURI(target(request.uri())))
                .compose(exchange::send)
                .compose(exchange::answer)
                .onFailure(exchange::failed);
    }

    private String target(String uri) {
        var end = 1;
        while (end < uri.length() && "/?".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        return uri.startsWith("/") && isFunction.test(uri.substring(1, end)) ? "/fn" + uri : uri;
    }

    /** One request on its way. Confined to its event loop. */
    private final class Exchange {
        private final HttpServerRequest request;
        private final long began = System.nanoTime();
        private boolean over;

        Exchange(HttpServerRequest request) {
            this.request = request;
        }

        Future<HttpClientResponse> send(HttpClientRequest onward) {
            request.response().closeHandler(closed -> {
                disconnected();
                onward.reset();
            });
            onward.headers().setAll(request.headers()).remove(HttpHeaders.EXPECT);
            onward.headers().remove(HttpHeaders.CONNECTION);
            return onward.send(request);
        }

        Future<Void> answer(HttpClientResponse answer) {
            var response = request.response().setStatusCode(answer.statusCode());
            response.headers().setAll(answer.headers());
            return answer.pipeTo(response).onSuccess(sent -> told(Integer.toString(answer.statusCode())));
        }

        void failed(Throwable failure) {
            if (!over && !request.response().headWritten()) {
                told(Integer.toString(BAD_GATEWAY));
                request.response().setStatusCode(BAD_GATEWAY).end(failure.getMessage() + "\n");
            }
        }

        void disconnected() {
            if (!request.response().ended()) {
                told("disconnected");
            }
        }

        private void told(String status) {
            if (!over) {
                over = true;
                var millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                screen.line("%s %s %s %,d ms".formatted(request.method(), request.uri(), status, millis));
            }
        }
    }
}
