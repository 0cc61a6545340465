package dev.photon.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Digest;
import dev.photon.protocol.KafkaConnection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * What a registry writes, versions and aliases by turns, each about a kilobyte. All are committed at once, so that
 * who copies finds them at the same moment. Confined to its thread.
 */
final class CopiedRecords implements AutoCloseable {
    /** How many there are. */
    static final int COUNT = 60_000;

    private static final int TARGETS = 25;
    private static final int VARIABLES = 10;
    private static final String LIES = "\"digest\":\"%s\",\"size\":3,\"chunks\":%s"
            .formatted(Digest.of(new byte[] {1}), "{\"partition\":0,\"firstOffset\":0,\"lastOffset\":0,\"count\":1}");

    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Whole> all;

    /**
     * @param region where they originate
     */
    CopiedRecords(KafkaConnection kafka, String region) {
        this.producer = kafka.producer("fill", Map.of("transactional.id", "fill", "max.block.ms", "10000"));
        this.all = whole(region);
        producer.initTransactions();
    }

    /** Returns when all are there, on {@link System#nanoTime}'s clock. */
    long commit(String topic) {
        producer.beginTransaction();
        for (var record : all) {
            producer.send(new ProducerRecord<>(topic, 0, record.key(), record.value(), record.headers()));
        }
        producer.flush();
        // So that nobody pays for what another has left.
        System.gc();
        producer.commitTransaction();
        return System.nanoTime();
    }

    private record Whole(byte[] key, byte[] value, Headers headers) {}

    private static List<Whole> whole(String region) {
        var headers = new RecordHeaders()
                .add("photon-stamp", bytes("1"))
                .add("photon-cleared", bytes("0"))
                .add("photon-origin", bytes(region));
        return IntStream.range(0, COUNT)
                .mapToObj(index -> index % 2 == 0 ? version("f" + index / 2) : alias("f" + index / 2))
                .map(text -> new Whole(bytes(text.key()), bytes(text.value()), headers))
                .toList();
    }

    /** That the content of these versions lies in a region, so that it has not to be brought there. */
    static ProducerRecord<byte[], byte[]> placed(String topic) {
        var key = "placed/" + Digest.of(new byte[] {1});
        return new ProducerRecord<>(topic, 0, bytes(key), bytes("{" + LIES + "}"));
    }

    private record Text(String key, String value) {}

    private static Text version(String function) {
        var variables = IntStream.range(0, VARIABLES)
                .mapToObj(number -> "\"VARIABLE_%d\":\"value %d of a function\"".formatted(number, number))
                .collect(Collectors.joining(","));
        return new Text("version/" + function + "/1.0.0", """
                {"name":"%s","version":"1.0.0","description":"a function","lang":"rust",%s,"deployedAt":1700000000000,\
                "env":{%s},"secrets":{},"limits":{"timeoutMillis":30000,"memoryPages":2048,"answerBytes":104857600,\
                "logBytes":65536,"outboundCalls":50,"concurrency":1000,"tmpBytes":16777216},\
                "outbound":{"methods":["GET"],"hosts":["example.com"],"allowHttp":false},"reuse":true,\
                "scaling":{"min":0,"max":10000,"targetConcurrency":100,"idleSeconds":null,"pool":"default"},\
                "placement":{"regions":["*"],"exclude":[]},"urlSuffix":"","routes":[],"cors":null,"auth":"KEY",\
                "logs":{"enabled":true,"level":"INFO"},"assets":null}""".formatted(function, LIES, variables));
    }

    private static Text alias(String function) {
        var targets = IntStream.range(0, TARGETS)
                .mapToObj(minor -> "{\"version\":\"1.%d.0\",\"weight\":1.0}".formatted(minor))
                .collect(Collectors.joining(","));
        return new Text(
                "alias/" + function + "/live",
                "{\"function\":\"%s\",\"name\":\"live\",\"targets\":[%s]}".formatted(function, targets));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Override
    public void close() {
        producer.close();
    }
}
