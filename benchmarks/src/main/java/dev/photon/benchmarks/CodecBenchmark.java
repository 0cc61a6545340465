package dev.photon.benchmarks;

import dev.photon.protocol.Deadline;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationCodec;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Target;
import dev.photon.protocol.ViewPosition;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** An invocation of a small POST, to a record and back. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
    private static final String TOPIC = "photon.invocations";

    private final Invocation invocation = new Invocation(
            "0123456789abcdef0123456789abcdef",
            "/ingress/fedcba9876543210fedcba9876543210",
            new Target.Resolved(EchoGuest.NAME, "1.0.0", Digest.of(EchoGuest.body()), ViewPosition.of(42)),
            Optional.of(Deadline.in(30_000)),
            new ReplyTo.Ingress(3, "fedcba9876543210fedcba9876543210"),
            new Invocation.HttpHead("POST", "", "", EchoGuest.HEADERS),
            Optional.empty(),
            EchoGuest.body());
    private final ConsumerRecord<byte[], byte[]> received = received(InvocationCodec.encode(TOPIC, invocation));

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent) {
        return new ConsumerRecord<>(
                sent.topic(),
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                sent.value().length,
                sent.key(),
                sent.value(),
                sent.headers(),
                Optional.empty());
    }

    @Benchmark
    public ProducerRecord<byte[], byte[]> encode() {
        return InvocationCodec.encode(TOPIC, invocation);
    }

    @Benchmark
    public Decoded<Invocation> decode() {
        return InvocationCodec.decode(received);
    }

    @Benchmark
    public Decoded<Invocation> roundTrip() {
        return InvocationCodec.decode(received(encode()));
    }
}
