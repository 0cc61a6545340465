package dev.photon.ingress.scaler;

import dev.photon.ingress.scaler.keda.GetMetricsRequest;
import dev.photon.ingress.scaler.keda.GetMetricsResponse;
import dev.photon.ingress.scaler.keda.IsActiveResponse;
import dev.photon.ingress.scaler.keda.ScaledObjectRef;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientResponse;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One connection to a scaler: a stream that says when there is work, and a question a second that says how much. The
 * question also finds out that the other side is gone. The first thing that fails ends it. Confined to its event loop.
 */
final class ScalerSession {
    private static final int CONNECT_MILLIS = 2_000;
    private static final long ASK_EVERY_MILLIS = 1_000;
    private static final long ANSWER_SECONDS = 3;

    private final Vertx vertx;
    private final SocketAddress scaler;
    private final GrpcClient grpc;
    private final ScaledObjectRef object;
    private final Consumer<Demand> listener;
    private Optional<Boolean> active = Optional.empty();
    private double runs;
    private boolean ended;

    private ScalerSession(Vertx vertx, SocketAddress scaler, ScaledObjectRef object, Consumer<Demand> listener) {
        this.vertx = vertx;
        this.scaler = scaler;
        this.object = object;
        this.listener = listener;
        this.grpc = GrpcClient.client(
                vertx,
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setConnectTimeout(CONNECT_MILLIS));
    }

    /**
     * @param listener is told {@link Demand.Unknown} once, as the last
     */
    static ScalerSession open(Vertx vertx, SocketAddress scaler, ScaledObjectRef object, Consumer<Demand> listener) {
        var session = new ScalerSession(vertx, scaler, object, listener);
        session.listen();
        session.ask();
        return session;
    }

    private void listen() {
        grpc.request(scaler, Contract.CALL_STREAM_IS_ACTIVE)
                .compose(request -> request.send(object))
                .compose(this::follow)
                .onSuccess(over -> end("it ended the stream"))
                .onFailure(failure -> end(failure.toString()));
    }

    private Future<Void> follow(GrpcClientResponse<ScaledObjectRef, IsActiveResponse> response) {
        response.handler(answer -> {
            active = Optional.of(answer.getResult());
            tell();
        });
        return response.end();
    }

    private void ask() {
        if (ended) {
            return;
        }
        var request = GetMetricsRequest.newBuilder()
                .setScaledObjectRef(object)
                .setMetricName(ScalerService.METRIC)
                .build();
        grpc.request(scaler, Contract.CALL_GET_METRICS)
                .compose(call -> call.send(request))
                .compose(GrpcClientResponse::last)
                .timeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .onSuccess(this::answered)
                .onFailure(failure -> end(failure.toString()));
    }

    private void answered(GetMetricsResponse answer) {
        if (answer.getMetricValuesCount() != 1) {
            end("it answered with " + answer.getMetricValuesCount() + " metrics");
            return;
        }
        runs = answer.getMetricValues(0).getMetricValueFloat();
        tell();
        vertx.setTimer(ASK_EVERY_MILLIS, now -> ask());
    }

    private void tell() {
        if (!ended) {
            active.ifPresent(now -> listener.accept(new Demand.Known(now, runs)));
        }
    }

    private void end(String why) {
        if (!ended) {
            close();
            listener.accept(new Demand.Unknown("the scaler at %s does not say: %s".formatted(scaler, why)));
        }
    }

    /** The listener is told nothing more. */
    void close() {
        ended = true;
        grpc.close();
    }
}
