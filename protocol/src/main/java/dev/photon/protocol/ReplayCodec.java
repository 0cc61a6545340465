package dev.photon.protocol;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Replays as records of {@code photon.replays}. Stateless, thread-safe. */
public final class ReplayCodec {
    /** The CloudEvents type of a replay. */
    public static final String TYPE = "dev.photon.replay";

    private static final String BASELINE = "ce_photonbaseline";
    private static final String FROM = "ce_photonfrom";
    private static final String TO = "ce_photonto";
    private static final String TRIGGER = "ce_photontrigger";
    private static final String SINK = "ce_photonsink";
    private static final byte[] EMPTY = {};

    private ReplayCodec() {}

    /** The record of a replay, for any partition. */
    public static ProducerRecord<byte[], byte[]> encode(String topic, Replay replay) {
        var headers = new Headers.Writer()
                .event(TYPE, replay.id(), replay.source())
                .put(Headers.FUNCTION, replay.candidate().function());
        InvocationCodec.put(headers, replay.candidate());
        headers.put(BASELINE, replay.baseline())
                .put(FROM, replay.from())
                .put(TO, replay.to())
                .put(TRIGGER, replay.trigger())
                .put(SINK, replay.sink())
                .put(Headers.DEADLINE, replay.deadline().epochMillis())
                .put(Headers.REMAINING, replay.deadline().remainingMillis())
                .put(Headers.REPLY_PARTITION, replay.replyTo().partition())
                .put(Headers.REPLY_INSTANCE, replay.replyTo().instance());
        return new ProducerRecord<>(topic, null, null, null, EMPTY, headers.build());
    }

    public static Decoded<Replay> decode(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = new Headers.Reader(source);
            headers.requireSchema();
            var deadline = InvocationCodec.deadline(headers);
            return new Replay(
                    headers.require(Headers.ID),
                    headers.text(Headers.SOURCE).orElse("/"),
                    InvocationCodec.target(headers),
                    headers.nonEmpty(BASELINE),
                    headers.requireLong(FROM),
                    headers.requireLong(TO),
                    headers.nonEmpty(TRIGGER),
                    headers.nonEmpty(SINK),
                    required(deadline),
                    InvocationCodec.ingress(headers));
        });
    }

    private static Deadline required(Optional<Deadline> deadline) throws MalformedRecord {
        return deadline.orElseThrow(() -> new MalformedRecord("header " + Headers.DEADLINE + " is missing"));
    }
}
