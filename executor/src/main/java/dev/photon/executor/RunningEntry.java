package dev.photon.executor;

import dev.photon.protocol.EntryRule;
import dev.photon.protocol.RegionConfig;
import dev.photon.registry.EntryTopic;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The consumer of one declared entry topic, with a window and a rate of its own. Thread-safe. */
final class RunningEntry implements Following.Running<EntryTopic> {
    private static final Logger LOG = LoggerFactory.getLogger(RunningEntry.class);

    /** How soon more partitions are found. */
    private static final String METADATA_MILLIS = "5000";

    /** What a consumer may have fetched before its records are taken: 8 MiB, or one record. */
    private static final String FETCHED_BYTES = "8388608";

    private final Consumers consumers;
    private final EntryRate rate;
    private volatile EntryTopic topic;

    /** What the consumers of all entry topics are opened with. */
    record Parts(Vertx vertx, RegionConfig region, ExecutorConfig config, EntryRunner.Parts running) {}

    /** Asks the brokers how the group is to be joined. Blocks. */
    RunningEntry(Parts parts, Admin admin, EntryTopic topic) throws InterruptedException {
        this.topic = topic;
        this.rate = new EntryRate(topic.rule().rate(), topic.rule().burst(), System::nanoTime);
        var meters = parts.running().series().of(topic.name());
        var runner = new EntryRunner(parts.running(), this::rule, meters);
        var lanes = new EntryLanes(
                runner,
                parts.config().window(),
                topic.starts(),
                rate,
                meters,
                parts.running().bytes());
        this.consumers = new Consumers(parts.vertx(), parts.region().kafka(), subscription(parts, admin, topic), lanes);
    }

    private EntryRule rule() {
        return topic.rule();
    }

    private static RecordLoop.Subscription subscription(Parts parts, Admin admin, EntryTopic topic)
            throws InterruptedException {
        var topics = parts.region().topics();
        var group = topics.entryGroup(topic.name(), topic.generation());
        var settings =
                new HashMap<>(GroupProtocol.choose(admin, group, parts.config().groupProtocol())
                        .settings());
        settings.put("metadata.max.age.ms", METADATA_MILLIS);
        settings.put("fetch.max.bytes", FETCHED_BYTES);
        return new RecordLoop.Subscription(
                topics.entry(topic.name()),
                group,
                "executor-entries",
                Map.copyOf(settings),
                Optional.empty(),
                Duration.ofMillis(parts.config().drainMillis()));
    }

    @Override
    public boolean serves(EntryTopic wanted) {
        return topic.generation() == wanted.generation();
    }

    /** Follows what is allowed now. Joins the group, if it has not, and did not fail to a moment ago. */
    @Override
    public void keepUp(EntryTopic wanted) {
        if (!wanted.equals(topic)) {
            topic = wanted;
            rate.change(wanted.rule().rate(), wanted.rule().burst());
        }
        if (consumers.size() == 0 && consumers.steady()) {
            consumers
                    .scale(1)
                    .onFailure(failure -> LOG.atWarn()
                            .addKeyValue("topic", consumers.topic())
                            .addKeyValue("error", failure.toString())
                            .log("an entry topic's consumer could not join, and tries again"));
        }
    }

    List<RecordLoop> loops() {
        return consumers.loops();
    }

    /** Lets its partitions drain, and leaves the group. Blocks. */
    @Override
    public void close() {
        consumers.close();
    }
}
