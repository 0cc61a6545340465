package dev.photon.ingress.scaler;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.photon.ingress.scaler.keda.GetMetricSpecResponse;
import dev.photon.ingress.scaler.keda.GetMetricsRequest;
import dev.photon.ingress.scaler.keda.GetMetricsResponse;
import dev.photon.ingress.scaler.keda.IsActiveResponse;
import dev.photon.ingress.scaler.keda.ScaledObjectRef;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.CodecException;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.common.WireFormat;

/** The methods of KEDA's {@code externalscaler.proto} that we serve, and those that we call, as Vert.x knows them. */
final class Contract {
    private static final ServiceName NAME = ServiceName.create("externalscaler", "ExternalScaler");

    static final ServiceMethod<ScaledObjectRef, IsActiveResponse> IS_ACTIVE =
            method("IsActive", ScaledObjectRef.parser());
    static final ServiceMethod<ScaledObjectRef, IsActiveResponse> STREAM_IS_ACTIVE =
            method("StreamIsActive", ScaledObjectRef.parser());
    static final ServiceMethod<ScaledObjectRef, GetMetricSpecResponse> GET_METRIC_SPEC =
            method("GetMetricSpec", ScaledObjectRef.parser());
    static final ServiceMethod<GetMetricsRequest, GetMetricsResponse> GET_METRICS =
            method("GetMetrics", GetMetricsRequest.parser());

    static final ServiceMethod<IsActiveResponse, ScaledObjectRef> CALL_STREAM_IS_ACTIVE =
            call("StreamIsActive", IsActiveResponse.parser());
    static final ServiceMethod<GetMetricsResponse, GetMetricsRequest> CALL_GET_METRICS =
            call("GetMetrics", GetMetricsResponse.parser());

    private Contract() {}

    private static <Q, A extends MessageLite> ServiceMethod<Q, A> method(String name, Parser<Q> parser) {
        return ServiceMethod.server(NAME, name, new Encoder<A>(), new Decoder<>(parser));
    }

    private static <Q extends MessageLite, A> ServiceMethod<A, Q> call(String name, Parser<A> parser) {
        return ServiceMethod.client(NAME, name, new Encoder<Q>(), new Decoder<>(parser));
    }

    /** Vert.x's own also knows JSON, for which it would need libraries that nothing else here does. */
    private static final class Encoder<A extends MessageLite> implements GrpcMessageEncoder<A> {
        @Override
        public GrpcMessage encode(A message, WireFormat format) throws CodecException {
            return GrpcMessage.message("identity", format, Buffer.buffer(message.toByteArray()));
        }

        @Override
        public boolean accepts(WireFormat format) {
            return format == WireFormat.PROTOBUF;
        }
    }

    private record Decoder<Q>(Parser<Q> parser) implements GrpcMessageDecoder<Q> {
        @Override
        public Q decode(GrpcMessage message) throws CodecException {
            if (!accepts(message.format())) {
                throw new CodecException("only protocol buffers are spoken here");
            }
            try {
                return parser.parseFrom(message.payload().getBytes());
            } catch (InvalidProtocolBufferException e) {
                throw new CodecException(e);
            }
        }

        @Override
        public boolean accepts(WireFormat format) {
            return format == WireFormat.PROTOBUF;
        }
    }
}
