package dev.photon.replicator;

import dev.photon.protocol.ConsumerThread;
import dev.photon.protocol.Refusals;
import dev.photon.protocol.Region;
import dev.photon.protocol.RegionConfig;
import dev.photon.registry.Mirrored;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the functions of one other region, in order and each record once, on a thread of its own.
 *
 * <p>One transaction writes what was read and how far that was, so whatever fails, the next term goes on where the last
 * one ended. Where it cannot, because records are gone or the topic is another one, it does not skip: it compares.
 *
 * <pre>
 * term:  fence the one before → read how far the copy goes → await the region ─┬─► go on from there ──► copy, copy, …
 *                                                                             └─► compare everything ─┘
 * </pre>
 *
 * <p>An alarm says what an operator has to know: that it compares, or that the same failure came again and again, such
 * as a record that our brokers refuse.
 *
 * <p>The first term shows that the copy can be read and written, whether the region answers or not. All later ones await
 * the region first, and rest before that the longer the more of them failed.
 */
final class Flow implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Flow.class);
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final Duration SLICE = Duration.ofMillis(500);
    /** In one transaction, which views see at its end. */
    private static final long MOST_AT_ONCE = 16 << 20;

    private static final Duration LONGEST = Duration.ofMillis(300);

    /** After a refusal, which only an operator ends. */
    private static final Duration REFUSED_RETRY = Duration.ofSeconds(2);
    /** For another replicator, which may have come to stay. */
    private static final Duration STAND_BACK = Duration.ofSeconds(5);

    private static final String COMPARED = "copy of the region's functions cannot go on, compared as a whole";

    private static final String STUCK = "copy of the region's functions does not get on, tried again";

    private final RegionConfig region;
    private final Region origin;
    private final Mirrored mirrored;
    private final Intake intake;
    private final Bandwidth bandwidth;
    private final Readings readings;
    /** By our own brokers. */
    private final Refusals refusals;

    private final Repair repair;
    private final Setbacks setbacks = new Setbacks();
    private final Pauses pauses = new Pauses();
    private final ConsumerThread thread;
    private volatile boolean started;

    Flow(RegionConfig region, Region origin, Bandwidth bandwidth, Readings readings) {
        this.region = region;
        this.origin = origin;
        this.bandwidth = bandwidth;
        this.readings = readings;
        this.mirrored = new Mirrored(
                origin.name(),
                region.name(),
                region.topics().mirrored(origin.name()).functions());
        this.intake = new Intake(mirrored, readings);
        this.refusals = new Refusals(region.kafka());
        this.thread = new ConsumerThread(origin.kafka(), "replicator-" + origin.name(), GRACE, this::term);
        this.repair = new Repair(intake, readings, this::hold, pauses, thread::goesOn);
    }

    void start() {
        thread.start();
    }

    /** Whether it could read and write here; whether the other region answers is another thing. */
    boolean started() {
        return started;
    }

    private void term() throws InterruptedException {
        pauses.await(setbacks.rest());
        try {
            copy();
        } catch (ProducerFencedException e) {
            LOG.atWarn()
                    .addKeyValue("region", origin.name())
                    .log("another replicator copies from this region, and this one stands back");
            pauses.await(STAND_BACK);
        } catch (RuntimeException e) {
            readings.failed();
            setbacks.add(e).ifPresent(reason -> alarm(reason, STUCK));
            if (started || !refusals.tell(e)) {
                throw e;
            }
            pauses.await(REFUSED_RETRY);
        } finally {
            readings.lags(OptionalLong.empty());
        }
    }

    private void copy() throws InterruptedException {
        try (var watch = new TopicWatch(origin, region.topics().functions(), readings)) {
            if (started) {
                // So that the copy is not read again and again while the region is lost.
                watch.await(thread::goesOn, pauses);
                watch.forget();
            }
            try (var copy =
                    Copy.open(region.kafka(), region.topics().prefix() + "-replicator-" + origin.name(), mirrored)) {
                var extent = copy.extent(thread::goesOn);
                started = true;
                follow(copy, extent, watch);
            }
        }
    }

    private void follow(Copy copy, Copy.Extent extent, TopicWatch watch) throws InterruptedException {
        try (var source = new Source(
                origin.kafka(), "replicator-" + region.name(), region.topics().functions(), this::hold)) {
            var topicId = begin(source, copy, extent, watch);
            while (thread.goesOn() && watch.id().equals(Optional.of(topicId))) {
                topicId = step(source, copy, topicId, watch);
                var lag = source.lag();
                if (lag.equals(OptionalLong.of(0))) {
                    setbacks.clear();
                }
                readings.lags(watch.answers() ? lag : OptionalLong.empty());
            }
        }
    }

    /** Returns the id of the topic that is copied from then on. */
    private String begin(Source source, Copy copy, Copy.Extent extent, TopicWatch watch) throws InterruptedException {
        var topicId = watch.await(thread::goesOn, pauses);
        var checkpoint = extent.checkpoint();
        if (checkpoint.isPresent() && checkpoint.get().topicId().equals(topicId)) {
            source.seek(checkpoint.get());
            return topicId;
        }
        if (!extent.isEmpty()) {
            var reason =
                    checkpoint.isPresent() ? "its topic was created anew" : "the copy does not say how far it goes";
            alarm(reason, COMPARED);
        }
        return repaired(source, copy, watch);
    }

    /** Returns the id of the topic that is copied from then on. */
    private String step(Source source, Copy copy, String topicId, TopicWatch watch) throws InterruptedException {
        try {
            var batch = source.poll();
            if (!batch.isEmpty()) {
                write(batch, source, copy, topicId);
            }
            hold(source.taken());
            return topicId;
        } catch (InvalidOffsetException e) {
            alarm("records that were not copied yet are gone: " + e.getMessage(), COMPARED);
            // Perhaps because it is another topic, of which the watch has not heard yet.
            watch.forget();
            return repaired(source, copy, watch);
        }
    }

    private String repaired(Source source, Copy copy, TopicWatch watch) throws InterruptedException {
        var topicId = repair.compare(source, copy, watch);
        setbacks.clear();
        return topicId;
    }

    /** With all that is there already, since a transaction costs the same however much is in it. */
    private void write(List<ConsumerRecord<byte[], byte[]>> first, Source source, Copy copy, String topicId) {
        var until = System.nanoTime() + LONGEST.toNanos();
        var count = 0;
        var size = 0L;
        try (var transaction = copy.begin()) {
            for (var batch = first; !batch.isEmpty(); batch = more(source, size, until)) {
                for (var read : batch) {
                    var taken = intake.of(read);
                    if (taken.isPresent()) {
                        transaction.send(taken.get());
                        count++;
                        size += Sizes.of(taken.get());
                    }
                }
            }
            transaction.commit(Optional.of(source.checkpoint(topicId)));
        }
        setbacks.clear();
        readings.copied(count, size);
    }

    private static List<ConsumerRecord<byte[], byte[]>> more(Source source, long size, long until) {
        var left = until - System.nanoTime();
        return size > MOST_AT_ONCE || left <= 0 ? List.of() : source.more(Duration.ofNanos(left));
    }

    private void alarm(String reason, String message) {
        readings.alarmed();
        LOG.atError()
                .addKeyValue("region", origin.name())
                .addKeyValue("reason", reason)
                .log(message);
    }

    private void hold(long bytes) throws InterruptedException {
        var until = System.nanoTime() + bandwidth.nanosAfterRecords(bytes);
        for (var left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            thread.goesOn();
            pauses.await(Duration.ofNanos(Math.min(left, SLICE.toNanos())));
        }
    }

    /** Ends at once where it waits, and otherwise with what it is at, unless that takes seconds. */
    @Override
    public void close() {
        pauses.close();
        thread.close();
    }
}
