package dev.photon.k8s;

import static org.awaitility.Awaitility.await;

import dev.photon.protocol.KafkaConnection;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.errors.RetriableException;

/** Strikes one container after the other, each when the last one is back and has caught up. */
final class Chaos implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** The session of a broker with its controller is over then, and others lead. */
    private static final int NOTICED_SECONDS = 8;

    private final Topology region;
    private final OpenLoad load;
    private final Outages outages;
    private final Random random;
    private final Admin admin;

    Chaos(Topology region, OpenLoad load, Outages outages, Random random) {
        this.region = region;
        this.load = load;
        this.outages = outages;
        this.random = random;
        this.admin = new KafkaConnection(region.bootstrap()).admin();
    }

    /** With {@code kill -9}; when the others have answered without it, it is started again. */
    void kill(String kind) {
        kill(kind, () -> {});
    }

    /** @param meanwhile is called when it is dead */
    void kill(String kind, Runnable meanwhile) {
        var name = any(kind);
        say("kill " + name);
        outages.begin(name, Outages.Kind.DEAD);
        region.kill(name);
        meanwhile.run();
        load.awaitSeconds(name.startsWith(Topology.BROKER) ? NOTICED_SECONDS : 1 + random.nextInt(5));
        load.awaitAnswersOfAllBut(name);
        region.restart(name);
        outages.end(name);
        awaitInSync();
        load.awaitAnswersOfAll();
    }

    /** Stops it where it is, for longer than others need to notice; then it goes on, and thinks that nothing was. */
    void freeze(String kind) {
        var name = any(kind);
        say("freeze " + name);
        outages.begin(name, Outages.Kind.FROZEN);
        region.freeze(name);
        load.awaitSeconds(8 + random.nextInt(5));
        region.thaw(name);
        outages.end(name);
        awaitInSync();
        load.awaitAnswersOfAll();
    }

    private String any(String kind) {
        var names = region.names(kind);
        return names.get(random.nextInt(names.size()));
    }

    private void say(String what) {
        System.out.printf("chaos: %s after %,d requests%n", what, load.sent());
    }

    /** Until every broker has all that it should have: else the next one might be the only one that has it. */
    private void awaitInSync() {
        // For a while: a broker that goes on knows at first only what was before.
        await().atMost(PATIENCE).during(Duration.ofSeconds(2)).until(this::inSync);
    }

    private boolean inSync() throws Exception {
        try {
            var topics = admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get();
            return admin.describeTopics(topics).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition ->
                            partition.isr().size() == partition.replicas().size());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
