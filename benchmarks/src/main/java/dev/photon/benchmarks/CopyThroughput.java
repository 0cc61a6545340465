package dev.photon.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import dev.photon.protocol.TopicSetup;
import dev.photon.protocol.Topics;
import dev.photon.replicator.Replicator;
import dev.photon.replicator.ReplicatorConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/**
 * The replicator, and a loop of nothing but consume and produce, which copy the same records from one broker to another
 * in turns. Prints the median of each, in records a second.
 */
public final class CopyThroughput {
    static final String REPLICATOR = "replicator";
    static final String PLAIN = "plain";

    private static final int ROUNDS = 5;
    private static final int RECORDS = 60_000;
    private static final int TARGETS = 25;
    private static final String PLAIN_TOPIC = "plain";
    private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);

    private final KafkaConnection from;
    private final KafkaConnection to;
    private final RegionConfig region;
    private final ReplicatorConfig config;

    private CopyThroughput(Settings settings) {
        this.region = RegionConfig.read(settings);
        this.config = ReplicatorConfig.read(settings);
        settings.check();
        this.from = region.others().getFirst().kafka();
        this.to = region.kafka();
    }

    /**
     * @param arguments the brokers to copy from and to, and an empty folder
     */
    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        var settings = Map.of(
                "PHOTON_REGION",
                "here",
                "PHOTON_BOOTSTRAP",
                arguments[1],
                "PHOTON_REGIONS",
                "there %s http://there; here %s http://here".formatted(arguments[0], arguments[1]),
                "PHOTON_CACHE",
                arguments[2]);
        new CopyThroughput(new Settings(settings::get)).measure();
    }

    private void measure() throws IOException, InterruptedException, ExecutionException {
        var names = Map.of("PHOTON_REGION", "there", "PHOTON_BOOTSTRAP", from.bootstrap());
        try (var there = from.admin();
                var here = to.admin()) {
            TopicSetup.ensure(there, RegionConfig.read(new Settings(names::get)).plan());
            TopicSetup.ensure(here, region.plan());
            var plain = List.of(new NewTopic(PLAIN_TOPIC, 1, (short) 1));
            there.createTopics(plain).all().get();
            here.createTopics(plain).all().get();
        }
        var replicated = new double[ROUNDS];
        var looped = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            var function = round;
            fill(TOPICS.functions(), index -> "alias/f%d-%d/live".formatted(function, index));
            try (var replicator = new Replicator(region, config)) {
                var readings = replicator.readings().getFirst();
                replicated[round] = rate(readings::records);
            }
            fill(PLAIN_TOPIC, Integer::toString);
            looped[round] = loop();
        }
        System.out.println(REPLICATOR + " " + median(replicated));
        System.out.println(PLAIN + " " + median(looped));
    }

    /** Names a record, by its number. */
    private interface Key {
        String of(int index);
    }

    private void fill(String topic, Key key) {
        try (var producer = from.producer("fill", Map.of("max.block.ms", "10000"))) {
            for (int index = 0; index < RECORDS; index++) {
                var name = key.of(index);
                producer.send(new ProducerRecord<>(topic, 0, name.getBytes(UTF_8), value(name)));
            }
        }
    }

    /** About a kilobyte, and what a registry writes. */
    private static byte[] value(String key) {
        var words = key.split("/", -1);
        var targets = IntStream.range(0, TARGETS)
                .mapToObj(minor -> "{\"version\":\"1.%d.0\",\"weight\":1.0}".formatted(minor))
                .collect(Collectors.joining(","));
        return "{\"function\":\"%s\",\"name\":\"%s\",\"targets\":[%s]}"
                .formatted(words.length > 1 ? words[1] : key, words[words.length - 1], targets)
                .getBytes(UTF_8);
    }

    /** From the first records that come to the last, so that no start is measured. */
    private static double rate(LongSupplier copied) {
        var first = 0L;
        while (first == 0) {
            first = copied.getAsLong();
        }
        var began = System.nanoTime();
        while (copied.getAsLong() < RECORDS) {
            Thread.onSpinWait();
        }
        return (RECORDS - first) / ((System.nanoTime() - began) / 1e9);
    }

    private static long end(Consumer<byte[], byte[]> watch, TopicPartition partition) {
        return watch.endOffsets(List.of(partition)).get(partition);
    }

    private double loop() throws InterruptedException {
        var partition = new TopicPartition(PLAIN_TOPIC, 0);
        var consumer =
                from.consumer("plain", Map.of("isolation.level", "read_committed", "auto.offset.reset", "earliest"));
        consumer.assign(List.of(partition));
        var acknowledged = new LongAdder();
        try (var watch = to.consumer("position", Map.of())) {
            consumer.seek(partition, end(watch, partition));
        }
        var copying = Thread.ofPlatform().name("plain").start(() -> {
            try (consumer;
                    var producer = to.producer("plain", Map.of("max.block.ms", "10000"))) {
                while (true) {
                    for (var source : consumer.poll(Duration.ofMillis(100))) {
                        producer.send(
                                new ProducerRecord<>(PLAIN_TOPIC, 0, source.key(), source.value()),
                                (place, failure) -> acknowledged.increment());
                    }
                }
            } catch (WakeupException over) {
                // All was copied.
            }
        });
        try {
            return rate(acknowledged::sum);
        } finally {
            consumer.wakeup();
            copying.join();
        }
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
