package dev.photon.benchmarks;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Settings;
import dev.photon.protocol.TopicSetup;
import dev.photon.protocol.Topics;
import dev.photon.replicator.Replicator;
import dev.photon.replicator.ReplicatorConfig;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * The replicator, and a {@linkplain PlainCopy loop} of nothing but consume and produce, which copy the same records from
 * one broker to another in turns, each from the moment that they are there. Prints the median of each, in records a
 * second.
 */
public final class CopyThroughput {
    static final String REPLICATOR = "replicator";
    static final String PLAIN = "plain";

    private static final int WARM_UP = 4;
    private static final int ROUNDS = 7;
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
        try (var there = from.admin();
                var here = to.admin()) {
            var names = Map.of("PHOTON_REGION", "there", "PHOTON_BOOTSTRAP", from.bootstrap());
            create(there, RegionConfig.read(new Settings(names::get)));
            create(here, region);
        }
        try (var producer = to.producer("placed", Map.of("max.block.ms", "10000"))) {
            producer.send(CopiedRecords.placed(TOPICS.functions())).get();
        }
        var replicated = new double[ROUNDS];
        var looped = new double[ROUNDS];
        try (var replicator = new Replicator(region, config);
                var plain = new PlainCopy(from, to, PLAIN_TOPIC);
                var records = new CopiedRecords(from, "there")) {
            while (!replicator.ready()) {
                Thread.sleep(10);
            }
            var readings = replicator.readings().getFirst();
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                var all = (round + WARM_UP + 1L) * CopiedRecords.COUNT;
                var first = rate(records.commit(TOPICS.functions()), readings::records, all);
                var second = rate(records.commit(PLAIN_TOPIC), plain::records, all);
                if (round >= 0) {
                    replicated[round] = first;
                    looped[round] = second;
                }
            }
        }
        System.out.println(REPLICATOR + " " + median(replicated));
        System.out.println(PLAIN + " " + median(looped));
    }

    private static void create(Admin admin, RegionConfig region) throws InterruptedException, ExecutionException {
        TopicSetup.ensure(admin, region.plan());
        admin.createTopics(List.of(new NewTopic(PLAIN_TOPIC, 1, (short) 1)))
                .all()
                .get();
    }

    private static double rate(long began, LongSupplier copied, long all) throws InterruptedException {
        while (copied.getAsLong() < all) {
            Thread.sleep(1);
        }
        return CopiedRecords.COUNT / ((System.nanoTime() - began) / 1e9);
    }

    private static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
