package dev.photon.e2e;

import com.google.protobuf.Message;
import dev.photon.ingress.scaler.keda.GetMetricSpecResponse;
import dev.photon.ingress.scaler.keda.GetMetricsRequest;
import dev.photon.ingress.scaler.keda.GetMetricsResponse;
import dev.photon.ingress.scaler.keda.IsActiveResponse;
import dev.photon.ingress.scaler.keda.MetricSpec;
import dev.photon.ingress.scaler.keda.MetricValue;
import dev.photon.ingress.scaler.keda.ScaledObjectRef;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Asks a scaler what KEDA asks, by gRPC's own implementation and the contract as it was generated. */
final class KedaClient implements AutoCloseable {
    private final ManagedChannel channel;

    KedaClient(int port) {
        this.channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    boolean isActive(Map<String, String> metadata) {
        return call("IsActive", object(metadata), IsActiveResponse.getDefaultInstance())
                .getResult();
    }

    MetricSpec metricSpec(Map<String, String> metadata) {
        var answer = call("GetMetricSpec", object(metadata), GetMetricSpecResponse.getDefaultInstance());
        return answer.getMetricSpecs(0);
    }

    MetricValue metric(String name, Map<String, String> metadata) {
        var request = GetMetricsRequest.newBuilder()
                .setScaledObjectRef(object(metadata))
                .setMetricName(name)
                .build();
        return call("GetMetrics", request, GetMetricsResponse.getDefaultInstance())
                .getMetricValues(0);
    }

    private <Q extends Message, A extends Message> A call(String name, Q request, A answer) {
        var patience = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
        return ClientCalls.blockingUnaryCall(channel, method(name, request, answer), patience, request);
    }

    Listener listen(Map<String, String> metadata) {
        return stream("StreamIsActive", metadata, IsActiveResponse.getDefaultInstance());
    }

    Listener listenToSpecs(Map<String, String> metadata) {
        return stream("StreamMetricSpec", metadata, GetMetricSpecResponse.getDefaultInstance());
    }

    private Listener stream(String name, Map<String, String> metadata, Message answer) {
        var request = object(metadata);
        var listener = new Listener();
        ClientCalls.asyncServerStreamingCall(
                channel.newCall(method(name, request, answer), CallOptions.DEFAULT), request, listener.observer());
        return listener;
    }

    /** What a stream has said so far. */
    static final class Listener {
        private final List<Message> heard = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Status> end = new CompletableFuture<>();

        List<Boolean> heard() {
            return heard.stream()
                    .map(message -> ((IsActiveResponse) message).getResult())
                    .toList();
        }

        /** Completes when it is over, with why. */
        CompletableFuture<Status> end() {
            return end;
        }

        private StreamObserver<Message> observer() {
            return new StreamObserver<>() {
                @Override
                public void onNext(Message message) {
                    heard.add(message);
                }

                @Override
                public void onError(Throwable failure) {
                    end.complete(Status.fromThrowable(failure));
                }

                @Override
                public void onCompleted() {
                    end.complete(Status.OK);
                }
            };
        }
    }

    private static ScaledObjectRef object(Map<String, String> metadata) {
        return ScaledObjectRef.newBuilder()
                .setName("photon-executor")
                .setNamespace("photon")
                .putAllScalerMetadata(metadata)
                .putScalerMetadata("scalerAddress", "photon-ingress:9465")
                .build();
    }

    private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(
            String name, Q request, A answer) {
        var service = ScaledObjectRef.getDescriptor().getFile().findServiceByName("ExternalScaler");
        var method = service.findMethodByName(name);
        return MethodDescriptor.<Q, A>newBuilder()
                .setType(
                        method.isServerStreaming()
                                ? MethodDescriptor.MethodType.SERVER_STREAMING
                                : MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service.getFullName(), name))
                .setRequestMarshaller(ProtoUtils.marshaller(request))
                .setResponseMarshaller(ProtoUtils.marshaller(answer))
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
