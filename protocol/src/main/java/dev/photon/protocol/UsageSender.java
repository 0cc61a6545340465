package dev.photon.protocol;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what a process counts to {@code photon.usage}, on a thread and with a producer of its own: every 5 s what
 * changed, at the end of each minute, and when it is closed. A process that is killed loses what it counted since the
 * last time. Thread-safe.
 */
public final class UsageSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UsageSender.class);
    private static final long INTERVAL_MILLIS = 5_000;
    private static final long MINUTE_MILLIS = TimeUnit.MINUTES.toMillis(1);
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final String topic;
    private final UsageCounters counters;
    private final Clock clock;
    private final UsageMinute minute;
    private final Refusals refusals;
    private final KafkaProducer<byte[], byte[]> producer;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /**
     * @param instance new at each start: its records replace none of an earlier one
     */
    public UsageSender(KafkaConnection kafka, String topic, String instance, UsageCounters counters, Clock clock) {
        this.topic = topic;
        this.counters = counters;
        this.clock = clock;
        this.minute = new UsageMinute(instance, present());
        this.refusals = new Refusals(kafka);
        this.producer = kafka.producer("usage-" + instance, Map.of("compression.type", "lz4"));
        this.thread = Thread.ofPlatform().name("usage-sender").start(this::run);
    }

    private long present() {
        return clock.millis() / MINUTE_MILLIS;
    }

    private void run() {
        try {
            while (!closing.await(untilNext(), TimeUnit.MILLISECONDS)) {
                tick();
            }
            tick();
        } catch (InterruptedException | InterruptException e) {
            LOG.atWarn().log("the last counts of usage could not be sent in time");
        }
    }

    /** No later than the end of the minute, so that what is counted in it is counted to it. */
    private long untilNext() {
        return Math.min(INTERVAL_MILLIS, MINUTE_MILLIS - clock.millis() % MINUTE_MILLIS);
    }

    private void tick() throws InterruptedException {
        try {
            do {
                minute.sample(counters.totals(), present());
                send();
            } while (minute.advance(present()));
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            // An Error, too: without this thread nothing would be counted any more, and nobody told.
            LOG.atWarn().setCause(e).log("usage is sent later");
        }
    }

    /** What is not acknowledged is sent again the next time: the same, or more of the same minute. */
    private void send() throws InterruptedException {
        var sent = new LinkedHashMap<UsageRecord, Future<RecordMetadata>>();
        try {
            for (var usage : minute.unsent()) {
                var result = producer.send(UsageCodec.encode(topic, usage));
                sent.put(usage, result);
                if (result.state() == Future.State.FAILED) {
                    // Without metadata every further one would wait as long as this one did.
                    break;
                }
            }
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.atDebug().addKeyValue("error", e.toString()).log("usage is not sent now");
        }
        for (var entry : sent.entrySet()) {
            try {
                entry.getValue().get();
                minute.acknowledged(entry.getKey());
            } catch (ExecutionException e) {
                refusals.tell(e);
                LOG.atDebug().addKeyValue("error", e.getCause().toString()).log("usage was not acknowledged");
            }
        }
    }

    /** Sends what was counted last, for 2 s at most. */
    @Override
    public void close() {
        closing.countDown();
        try {
            if (!thread.join(GRACE)) {
                thread.interrupt();
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ZERO);
    }
}
