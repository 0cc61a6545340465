package dev.photon.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import dev.photon.protocol.TopicSetup;
import dev.photon.registry.Mirrored;
import dev.photon.replicator.Replicator;
import dev.photon.replicator.ReplicatorConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** A region of which there is no more than its topics, and what tests write to them in its registry's place. */
record MirrorRegion(RegionConfig config) {

    /** Creates the region's topics. */
    static MirrorRegion create(String name, String regions, String prefix) throws InterruptedException {
        var bootstrap = bootstrap(name, regions);
        var settings = new Settings(Map.of(
                "PHOTON_REGION", name,
                "PHOTON_REGIONS", regions,
                "PHOTON_BOOTSTRAP", bootstrap,
                "PHOTON_TOPIC_PREFIX", prefix,
                "PHOTON_PARTITIONS", "2")::get);
        var region = new MirrorRegion(RegionConfig.read(settings));
        settings.check();
        try (var admin = region.kafka().admin()) {
            TopicSetup.ensure(admin, region.config().plan());
        }
        return region;
    }

    private static String bootstrap(String name, String regions) {
        for (var region : regions.split(";", -1)) {
            var words = region.strip().split(" ", -1);
            if (words[0].equals(name)) {
                return words[1];
            }
        }
        throw new IllegalArgumentException(name);
    }

    Replicator replicator(Path cache) throws IOException {
        return new Replicator(config, new ReplicatorConfig(0, cache));
    }

    private KafkaConnection kafka() {
        return config.kafka();
    }

    private String functions() {
        return config.topics().functions();
    }

    private String copyOf(String origin) {
        return config.topics().mirrored(origin).functions();
    }

    /** An alias as this region's registry would write it. */
    ProducerRecord<byte[], byte[]> alias(String name, int version) {
        return alias(name, version, config.name());
    }

    ProducerRecord<byte[], byte[]> alias(String name, int version, String origin) {
        var value = """
                {"function": "f", "name": "%s", "targets": [{"version": "%d.0.0", "weight": 1}]}""".formatted(name, version);
        var headers = new RecordHeaders()
                .add("photon-origin", origin.getBytes(UTF_8))
                .add("photon-stamp", Integer.toString(version).getBytes(UTF_8));
        return new ProducerRecord<>(
                functions(), null, null, ("alias/f/" + name).getBytes(UTF_8), value.getBytes(UTF_8), headers);
    }

    /** For decisions. */
    KafkaProducer<byte[], byte[]> registry() {
        var producer = kafka().producer("test", Map.of("transactional.id", functions(), "max.block.ms", "10000"));
        producer.initTransactions();
        return producer;
    }

    /** Decides on all of it at once. */
    void write(List<ProducerRecord<byte[], byte[]>> records) {
        try (var registry = registry()) {
            decide(registry, records);
        }
    }

    static void decide(KafkaProducer<byte[], byte[]> registry, List<ProducerRecord<byte[], byte[]>> records) {
        registry.beginTransaction();
        records.forEach(registry::send);
        registry.commitTransaction();
    }

    /** What is committed of the region's own functions. */
    List<ConsumerRecord<byte[], byte[]>> written() {
        return read(functions());
    }

    /** What a replicator would write of the other's functions, without what says how far that goes. */
    List<ProducerRecord<byte[], byte[]>> functionsOf(MirrorRegion other) {
        var origin = other.config().name();
        var mirrored = new Mirrored(origin, config.name(), copyOf(origin));
        return other.written().stream()
                .flatMap(record -> mirrored.of(record).stream())
                .toList();
    }

    /** What is committed of its copy, with all that says how far it goes. */
    List<ConsumerRecord<byte[], byte[]>> raw(String origin) {
        return read(copyOf(origin));
    }

    /** What is committed of its copy. */
    List<ConsumerRecord<byte[], byte[]>> copied(String origin) {
        return raw(origin).stream()
                .filter(record -> !Mirrored.isCheckpoint(record))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        return read(new TopicPartition(topic, 0));
    }

    /** What is committed there. */
    List<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition) {
        var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        try (var consumer = kafka().consumer("test", Map.of("isolation.level", "read_committed"))) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
            // What a poll brought beyond may be half of a transaction.
            found.removeIf(record -> record.offset() >= end);
        }
        return found;
    }

    /** Records as texts, to compare them by. */
    static List<String> texts(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(MirrorRegion::text).toList();
    }

    /** The last record of each key that has a value, as a text. */
    static Map<String, String> last(List<ConsumerRecord<byte[], byte[]>> records) {
        var last = new LinkedHashMap<String, String>();
        for (var record : records) {
            var key = new String(record.key(), UTF_8);
            if (record.value() == null) {
                last.remove(key);
            } else {
                last.put(key, text(record));
            }
        }
        return last;
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        var headers = new HashMap<String, String>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return "%s %s %s %d"
                .formatted(
                        new String(record.key(), UTF_8),
                        Optional.ofNullable(record.value())
                                .map(value -> new String(value, UTF_8))
                                .orElse("nothing"),
                        headers,
                        record.timestamp());
    }

    /** Of compacted topics Kafka only lets go what was written while they were none. */
    void forgetBefore(long offset) throws InterruptedException, ExecutionException {
        var partition = new TopicPartition(functions(), 0);
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, functions());
        var policy = new AlterConfigOp(new ConfigEntry("cleanup.policy", "delete"), AlterConfigOp.OpType.SET);
        try (var admin = kafka().admin()) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(policy))).all().get();
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    /** What its brokers take from then on for the copy. */
    void refuseRecordsBeyond(String origin, int bytes) throws InterruptedException, ExecutionException {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, copyOf(origin));
        var limit = new AlterConfigOp(
                new ConfigEntry("max.message.bytes", Integer.toString(bytes)), AlterConfigOp.OpType.SET);
        try (var admin = kafka().admin()) {
            admin.incrementalAlterConfigs(Map.of(topic, List.of(limit))).all().get();
        }
    }

    /** The region's functions, without any. */
    void createAnew() throws InterruptedException, ExecutionException {
        try (var admin = kafka().admin()) {
            admin.deleteTopics(List.of(functions())).all().get();
            admin.createTopics(List.of(
                            new NewTopic(functions(), 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
        }
    }
}
