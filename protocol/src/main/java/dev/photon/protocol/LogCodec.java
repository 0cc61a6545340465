package dev.photon.protocol;

import static dev.photon.protocol.Headers.EXECUTOR;
import static dev.photon.protocol.Headers.FUNCTION;
import static dev.photon.protocol.Headers.ID;
import static dev.photon.protocol.Headers.VERSION;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * Log lines as records of {@code photon.logs}: the key is the function's name, so that all lines of a function are in
 * one partition, and the record's time is the line's. Stateless, thread-safe.
 */
public final class LogCodec {
    public static final String TYPE = "dev.photon.log";

    private static final String EXECUTION = "ce_photonexecution";
    private static final String LEVEL = "ce_photonlevel";
    private static final String REGION = "ce_photonregion";

    private LogCodec() {}

    public static ProducerRecord<byte[], byte[]> encode(String topic, LogLine line) {
        var headers = new Headers.Writer()
                .event(TYPE, line.id(), "/photon/executor/" + line.instance())
                .put(EXECUTION, line.executionId())
                .put(FUNCTION, line.function())
                .put(VERSION, line.version())
                .put(LEVEL, line.level().name())
                .put(REGION, line.region())
                .put(EXECUTOR, line.instance())
                .build();
        var key = line.function().getBytes(UTF_8);
        return new ProducerRecord<>(
                topic, null, line.timestamp(), key, line.message().getBytes(UTF_8), headers);
    }

    /** The partition in which Kafka's own partitioner puts a function's lines. */
    public static int partition(String function, int partitions) {
        return Utils.toPositive(Utils.murmur2(function.getBytes(UTF_8))) % partitions;
    }

    public static Decoded<LogLine> decode(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = new Headers.Reader(source);
            headers.requireSchema();
            var level = LogLevel.of(headers.require(LEVEL))
                    .orElseThrow(() -> new MalformedRecord("header " + LEVEL + " is not a level"));
            return new LogLine(
                    headers.require(ID),
                    source.timestamp(),
                    headers.require(EXECUTION),
                    headers.require(FUNCTION),
                    headers.require(VERSION),
                    level,
                    headers.require(REGION),
                    headers.require(EXECUTOR),
                    source.value() == null ? "" : new String(source.value(), UTF_8));
        });
    }
}
