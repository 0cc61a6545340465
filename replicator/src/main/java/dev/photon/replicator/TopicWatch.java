package dev.photon.replicator;

import dev.photon.protocol.Refusals;
import dev.photon.protocol.Region;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks another region every second which topic has the name, without waiting for the answer: one that was created anew
 * has another id. A region whose name is unknown is one that does not answer. Confined to the flow's thread.
 */
final class TopicWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** After that long without an answer nothing is known. */
    private static final Duration STALE = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Region origin;
    private final String topic;
    private final Readings readings;
    private final Refusals refusals;
    /** Empty while the region's name is unknown. */
    private Optional<Admin> admin = Optional.empty();

    private Optional<KafkaFuture<Map<String, TopicDescription>>> asked = Optional.empty();
    private long askedAt = System.nanoTime() - PERIOD.toNanos();
    private long answeredAt = System.nanoTime();
    private Optional<String> id = Optional.empty();
    private boolean failing;

    TopicWatch(Region origin, String topic, Readings readings) {
        this.origin = origin;
        this.topic = topic;
        this.readings = readings;
        this.refusals = new Refusals(origin.kafka());
    }

    /** The topic's id, as the last answer said it; empty before the first. */
    Optional<String> id() throws InterruptedException {
        if (asked.isPresent() && asked.get().isDone()) {
            take(asked.get());
            asked = Optional.empty();
        }
        var now = System.nanoTime();
        if (asked.isEmpty() && now - askedAt >= PERIOD.toNanos()) {
            askedAt = now;
            ask();
        }
        return id;
    }

    /**
     * Asks until there is an answer.
     *
     * @throws InterruptedException when it does not go on any more
     */
    String await(BooleanSupplier goesOn, Pauses pauses) throws InterruptedException {
        while (goesOn.getAsBoolean()) {
            var known = id();
            if (known.isPresent()) {
                return known.get();
            }
            pauses.await(LOOK);
        }
        throw new InterruptedException("closed");
    }

    private void ask() {
        try {
            var client = admin.orElseGet(() -> origin.kafka().admin());
            admin = Optional.of(client);
            asked = Optional.of(client.describeTopics(List.of(topic)).allTopicNames());
        } catch (KafkaException e) {
            failed(e);
        }
    }

    /** Nothing is known until the next answer, to a question that is asked at once. */
    void forget() {
        asked = Optional.empty();
        askedAt = System.nanoTime() - PERIOD.toNanos();
        id = Optional.empty();
    }

    /** Whether the region answered within the last seconds. */
    boolean answers() {
        return id.isPresent() && System.nanoTime() - answeredAt < STALE.toNanos();
    }

    private void take(KafkaFuture<Map<String, TopicDescription>> answer) throws InterruptedException {
        try {
            id = Optional.of(answer.get().get(topic).topicId().toString());
            answeredAt = System.nanoTime();
            if (failing) {
                failing = false;
                LOG.atInfo().addKeyValue("region", origin.name()).log("region answers again");
            }
        } catch (ExecutionException e) {
            failed(e);
        }
    }

    private void failed(Exception failure) {
        readings.failed();
        if (!refusals.tell(failure) && !failing) {
            failing = true;
            LOG.atWarn()
                    .addKeyValue("region", origin.name())
                    .addKeyValue("kafka", origin.kafka().bootstrap())
                    .addKeyValue(
                            "error",
                            Optional.ofNullable(failure.getCause())
                                    .orElse(failure)
                                    .toString())
                    .log("region does not answer, asked again");
        }
    }

    @Override
    public void close() {
        admin.ifPresent(client -> client.close(Duration.ZERO));
    }
}
