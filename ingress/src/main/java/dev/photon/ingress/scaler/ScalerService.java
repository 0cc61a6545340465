package dev.photon.ingress.scaler;

import dev.photon.ingress.scaler.keda.GetMetricSpecResponse;
import dev.photon.ingress.scaler.keda.GetMetricsRequest;
import dev.photon.ingress.scaler.keda.GetMetricsResponse;
import dev.photon.ingress.scaler.keda.IsActiveResponse;
import dev.photon.ingress.scaler.keda.MetricSpec;
import dev.photon.ingress.scaler.keda.MetricValue;
import dev.photon.ingress.scaler.keda.ScaledObjectRef;
import dev.photon.protocol.TopicPlan;
import io.vertx.core.Vertx;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcProtocol;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.StatusException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers KEDA, at once, by what is known already. Where that is nothing it fails with UNAVAILABLE, upon which KEDA
 * leaves the replicas as they are; a stream then says nothing. Confined to one event loop, but for {@link #streams()}.
 */
final class ScalerService {
    /** Runs wanted at once; {@link Outlook.Known#wantedRuns} has the formula. */
    static final String METRIC = "photon-runs";

    private static final Logger LOG = LoggerFactory.getLogger(ScalerService.class);

    /** Even if they were compressed, and expand a thousandfold. */
    private static final int MAX_MESSAGE_BYTES = 16 << 10;

    private static final int MAX_STREAMS = 1_000;

    private final TopicPlan plan;
    private final BacklogWatch watch;
    private final RunTimes runTimes;
    private final Set<ActivityStream> streams = ConcurrentHashMap.newKeySet();

    ScalerService(TopicPlan plan, BacklogWatch watch, RunTimes runTimes) {
        this.plan = plan;
        this.watch = watch;
        this.runTimes = runTimes;
    }

    GrpcServer server(Vertx vertx) {
        var options = new GrpcServerOptions()
                .setMaxMessageSize(MAX_MESSAGE_BYTES)
                .removeEnabledProtocol(GrpcProtocol.WEB)
                .removeEnabledProtocol(GrpcProtocol.WEB_TEXT)
                .removeEnabledProtocol(GrpcProtocol.TRANSCODING);
        return GrpcServer.server(vertx, options)
                .callHandler(Contract.IS_ACTIVE, call -> answer(call, this::isActive))
                .callHandler(Contract.STREAM_IS_ACTIVE, this::streamIsActive)
                .callHandler(Contract.GET_METRIC_SPEC, call -> answer(call, this::metricSpec))
                .callHandler(Contract.GET_METRICS, call -> answer(call, this::metrics));
    }

    private static <Q, A> void answer(GrpcServerRequest<Q, A> call, Function<Q, A> method) {
        received(call, message -> call.response().end(method.apply(message)));
    }

    /** Fails the call when its message cannot be read, or what is done with it throws. */
    private static <Q, A> void received(GrpcServerRequest<Q, A> call, Consumer<Q> task) {
        call.last().onComplete(message -> {
            if (message.failed()) {
                fail(call, invalid("the call has no message that can be read"));
                return;
            }
            try {
                task.accept(message.result());
            } catch (StatusException e) {
                fail(call, e);
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("the scaler failed");
                fail(call, new StatusException(GrpcStatus.INTERNAL, "the scaler failed"));
            }
        });
    }

    private static void fail(GrpcServerRequest<?, ?> call, StatusException status) {
        try {
            call.response().fail(status);
        } catch (IllegalStateException e) {
            // Vert.x has answered before us, as it does to a message that is too large, or the caller has gone.
        }
    }

    private IsActiveResponse isActive(ScaledObjectRef object) {
        var wish = wish(object);
        return IsActiveResponse.newBuilder()
                .setResult(known(wish).isActive(wish))
                .build();
    }

    /** Of the metadata alone: KEDA asks rarely, and without an answer there would be no autoscaler. */
    private GetMetricSpecResponse metricSpec(ScaledObjectRef object) {
        var target = wish(object).concurrency();
        return GetMetricSpecResponse.newBuilder()
                .addMetricSpecs(MetricSpec.newBuilder()
                        .setMetricName(METRIC)
                        .setTargetSize(target)
                        .setTargetSizeFloat(target))
                .build();
    }

    private GetMetricsResponse metrics(GetMetricsRequest request) {
        var wish = wish(request.getScaledObjectRef());
        if (!request.getMetricName().equals(METRIC)) {
            throw invalid("there is no metric of that name, only " + METRIC);
        }
        var runs = known(wish).wantedRuns(wish, runTimes.mean(wish.pool()));
        return GetMetricsResponse.newBuilder()
                .addMetricValues(MetricValue.newBuilder()
                        .setMetricName(METRIC)
                        .setMetricValue((long) Math.ceil(runs))
                        .setMetricValueFloat(runs))
                .build();
    }

    private void streamIsActive(GrpcServerRequest<ScaledObjectRef, IsActiveResponse> call) {
        received(call, object -> {
            var stream = new ActivityStream(call.response(), wish(object));
            if (streams.size() >= MAX_STREAMS) {
                throw new StatusException(GrpcStatus.RESOURCE_EXHAUSTED, "there are too many streams");
            }
            call.errorHandler(reset -> streams.remove(stream));
            call.response().exceptionHandler(closed -> streams.remove(stream));
            streams.add(stream);
            call.response().writeHead();
            tell(stream);
        });
    }

    private void tell(ActivityStream stream) {
        switch (outlook(stream.wish())) {
            case Outlook.Known known -> stream.tell(known);
            case Outlook.Unknown unknown -> {
                // What it was told last holds.
            }
        }
    }

    /** Tells all streams what has changed. */
    void tellAll() {
        streams.forEach(this::tell);
    }

    int streams() {
        return streams.size();
    }

    void endAll() {
        streams.forEach(ActivityStream::end);
        streams.clear();
    }

    private Outlook outlook(Wish wish) {
        var pools = wish.pool().map(List::of).orElse(plan.pools());
        return watch.outlook(pools, System.nanoTime());
    }

    private Outlook.Known known(Wish wish) {
        return switch (outlook(wish)) {
            case Outlook.Known known -> known;
            case Outlook.Unknown unknown -> throw new StatusException(GrpcStatus.UNAVAILABLE, unknown.why());
        };
    }

    private Wish wish(ScaledObjectRef object) {
        try {
            var wish = Wish.read(object.getScalerMetadataMap());
            if (!plan.pools().containsAll(wish.pool().stream().toList())) {
                throw invalid(
                        "pool is '%s' and there are %s".formatted(wish.pool().get(), plan.pools()));
            }
            return wish;
        } catch (IllegalArgumentException e) {
            throw invalid(e.getMessage());
        }
    }

    private static StatusException invalid(String why) {
        return new StatusException(GrpcStatus.INVALID_ARGUMENT, why);
    }
}
