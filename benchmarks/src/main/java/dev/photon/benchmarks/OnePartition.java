package dev.photon.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Topics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Records of one partition that run a handler which waits for 5 ms: one at a time, and as many as there are threads for.
 * They are in the log before the function is deployed; what is measured is how the group's commit moves.
 */
record OnePartition(String name, String title) implements Scenario {
    /** Runs at once. */
    static final int MANY = 500;

    private static final int RECORDS_ALONE = 1_000;
    private static final int RECORDS = 100_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Override
    public void measure(Bench bench, Results results) throws Skipped, IOException, InterruptedException {
        try (var roles = new RoleProcesses(bench)) {
            roles.start("registry");
            var ingress = roles.start("ingress", "--port", Integer.toString(Ports.free()))
                    .awaitReady();
            var module = Files.readAllBytes(bench.root().resolve("benchmarks/events/wait.wasm"));
            roles.start(
                    Map.of("PHOTON_GUEST_THREADS", Integer.toString(2 * MANY), "PHOTON_WINDOW", "4096"),
                    List.of("executor"));
            try (var run = new Run(roles.kafka(), ingress, module)) {
                run.measure("warm", MANY, RECORDS / 5);
                results.addFigure(name, 1, Measurement.THROUGHPUT, run.measure("one", 1, RECORDS_ALONE), "1/s");
                results.addFigure(name, MANY, Measurement.THROUGHPUT, run.measure("many", MANY, RECORDS), "1/s");
            } catch (ExecutionException e) {
                throw new IOException("Kafka did not do what it should", e);
            }
        }
    }

    /** Confined to its thread. */
    private static final class Run implements AutoCloseable {
        private final KafkaConnection kafka;
        private final URI ingress;
        private final byte[] module;
        private final Admin admin;

        Run(KafkaConnection kafka, URI ingress, byte[] module) {
            this.kafka = kafka;
            this.ingress = ingress;
            this.module = module;
            this.admin = kafka.admin();
        }

        /** Records a second, each with a key of its own, from the first commit that tells of any. */
        double measure(String function, int concurrency, int records)
                throws IOException, InterruptedException, ExecutionException {
            admin.createTopics(List.of(new NewTopic(function, 1, (short) 1)))
                    .all()
                    .get();
            publish(function, records);
            Http.deploy(ingress, toml(function, concurrency), module);
            var until = System.nanoTime() + PATIENCE.toNanos();
            var first = 0L;
            var began = 0L;
            while (System.nanoTime() < until) {
                var committed = committed(function);
                var now = System.nanoTime();
                if (committed == records) {
                    return (committed - first) * 1e9 / (now - began);
                }
                if (first == 0 && committed > 0) {
                    first = committed;
                    began = now;
                }
                Thread.sleep(20);
            }
            throw new IOException("records of '%s' were not finished in time".formatted(function));
        }

        private static String toml(String function, int concurrency) {
            return """
                    name = "%1$s"
                    version = "1.0.0"
                    [[triggers]]
                    topic = "%1$s"
                    start = "earliest"
                    concurrency = %2$d
                    """.formatted(function, concurrency);
        }

        private void publish(String topic, int records) {
            try (var producer = kafka.producer("publisher", Map.of("max.block.ms", "20000"))) {
                for (int i = 0; i < records; i++) {
                    var key = Integer.toString(i).getBytes(UTF_8);
                    producer.send(new ProducerRecord<>(topic, key, key));
                }
                producer.flush();
            }
        }

        private long committed(String function) throws InterruptedException, ExecutionException {
            var group = new Topics(Topics.DEFAULT_PREFIX).triggerGroup(function, function);
            var commits = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            return Optional.ofNullable(commits.get(new TopicPartition(function, 0)))
                    .map(OffsetAndMetadata::offset)
                    .orElse(0L);
        }

        @Override
        public void close() {
            admin.close();
        }
    }
}
