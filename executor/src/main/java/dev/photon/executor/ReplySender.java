package dev.photon.executor;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Refusals;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyCodec;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Result;
import dev.photon.protocol.ResultCodec;
import dev.photon.protocol.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends replies, again and again while it makes sense. Thread-safe. */
final class ReplySender implements Outlet, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplySender.class);
    private static final long RETRY_MILLIS = 200;
    /** After a publisher could not be told again and again. */
    private static final long MOST_RETRY_MILLIS = 3_200;
    /** How long a publisher is tried to be told at least. */
    private static final long TELLING_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** And at most, since what waits for a topic that is not there holds up what others publish. */
    private static final long MOST_TELLING_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int NO_CONTENT = 204;
    private static final byte[] NOTHING = {};

    private final KafkaProducer<byte[], byte[]> producer;
    /** For topics that are not ours, and may not be there: it waits for nothing, since others' replies would wait, too. */
    private final KafkaProducer<byte[], byte[]> publishers;

    private final Refusals refusals;
    private final String responses;
    private final String results;
    private final ExecutorMetrics metrics;
    /** Of a flood only the first, second, fourth, eighth and so on are logged. */
    private final AtomicLong lost = new AtomicLong();

    private final ScheduledExecutorService retries = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("reply-retries").factory());

    ReplySender(KafkaConnection kafka, Topics topics, String instance, ExecutorMetrics metrics) {
        this.producer = kafka.producer("executor-" + instance, Map.of());
        this.publishers = kafka.producer("executor-publishers-" + instance, Map.of("max.block.ms", "0"));
        this.refusals = new Refusals(kafka);
        this.responses = topics.responses();
        this.results = topics.results();
        this.metrics = metrics;
    }

    /** Done is also what could not be sent in time. */
    @Override
    public void send(ReplyTo to, Reply reply, long giveUpNanos, Runnable done) {
        switch (to) {
            case ReplyTo.Ingress ingress ->
                send(ReplyCodec.encode(responses, ingress.partition(), reply), giveUpNanos, done);
            case ReplyTo.Topic topic ->
                new Sending(
                                publishers,
                                ReplyCodec.encode(topic.name(), null, reply),
                                telling(giveUpNanos, System.nanoTime()),
                                told(done),
                                MOST_RETRY_MILLIS)
                        .send(RETRY_MILLIS);
            case ReplyTo.Results kept ->
                send(
                        ResultCodec.encode(results, kept.partition(), new Result.Answered(kept.open(), reply)),
                        giveUpNanos,
                        () -> {
                            kept.taker().ifPresent(taker -> tell(taker, reply, giveUpNanos));
                            done.run();
                        });
            case ReplyTo.Nobody nobody -> done.run();
        }
    }

    /**
     * Until when a publisher is tried to be told. The first answer to a topic fails until its metadata has come: it is sent
     * again, also when its time is over.
     */
    static long telling(long giveUpNanos, long nowNanos) {
        return nowNanos + Math.clamp(giveUpNanos - nowNanos, TELLING_NANOS, MOST_TELLING_NANOS);
    }

    /** That a call has ended whose answer is elsewhere. */
    private void tell(ReplyTo.Ingress taker, Reply reply, long giveUpNanos) {
        var ended = new Reply(
                reply.invocationId(),
                Optional.of(taker.instance()),
                reply.version(),
                new Reply.Answer(NO_CONTENT, List.of(), NOTHING),
                reply.timing());
        send(ReplyCodec.encode(responses, taker.partition(), ended), giveUpNanos, () -> {});
    }

    /** Hears one of the two, unless the process stops. */
    interface Receipt {
        void stored(long offset);

        /** It is given up. */
        void lost();
    }

    /** Keeps the answer to the first call with a key. */
    void keep(int partition, Result.Kept kept, long giveUpNanos, Receipt receipt) {
        send(ResultCodec.encode(results, partition, kept), giveUpNanos, receipt);
    }

    private void send(ProducerRecord<byte[], byte[]> message, long giveUpNanos, Runnable done) {
        send(message, giveUpNanos, told(done));
    }

    private static Receipt told(Runnable done) {
        return new Receipt() {
            @Override
            public void stored(long offset) {
                done.run();
            }

            @Override
            public void lost() {
                done.run();
            }
        };
    }

    private void send(ProducerRecord<byte[], byte[]> message, long giveUpNanos, Receipt receipt) {
        new Sending(producer, message, giveUpNanos, receipt, RETRY_MILLIS).send(RETRY_MILLIS);
    }

    /** One message on its way, however often it is sent. */
    private final class Sending {
        private final KafkaProducer<byte[], byte[]> by;
        private final ProducerRecord<byte[], byte[]> message;
        private final long giveUpNanos;
        private final Receipt receipt;
        private final long mostRetryMillis;

        Sending(
                KafkaProducer<byte[], byte[]> by,
                ProducerRecord<byte[], byte[]> message,
                long giveUpNanos,
                Receipt receipt,
                long mostRetryMillis) {
            this.by = by;
            this.message = message;
            this.giveUpNanos = giveUpNanos;
            this.receipt = receipt;
            this.mostRetryMillis = mostRetryMillis;
        }

        /** @param retryMillis after which it is sent again, should this fail */
        void send(long retryMillis) {
            try {
                by.send(message, (metadata, failure) -> {
                    if (failure == null) {
                        receipt.stored(metadata.offset());
                    } else {
                        failed(failure, retryMillis);
                    }
                });
            } catch (RuntimeException e) {
                failed(e, retryMillis);
            }
        }

        private void failed(Exception failure, long retryMillis) {
            refusals.tell(failure);
            if (mayPass(failure) && System.nanoTime() - giveUpNanos < 0) {
                again(retryMillis);
                return;
            }
            metrics.replyLost();
            var soFar = lost.incrementAndGet();
            if (Long.bitCount(soFar) == 1) {
                LOG.atWarn()
                        .addKeyValue("topic", message.topic())
                        .addKeyValue("error", failure.toString())
                        .addKeyValue("count", soFar)
                        .log("reply could not be sent");
            }
            receipt.lost();
        }

        private void again(long retryMillis) {
            var next = Math.min(2 * retryMillis, mostRetryMillis);
            try {
                retries.schedule(() -> send(next), retryMillis, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.atDebug().log("stopping: the reply is left to the next owner of its partition");
            }
        }
    }

    /** A password that was changed is changed here, too, in a while; a right that is missing stays so for longer. */
    private static boolean mayPass(Exception failure) {
        return failure instanceof RetriableException || failure instanceof AuthenticationException;
    }

    @Override
    public void close() {
        retries.shutdownNow();
        producer.close(Duration.ofSeconds(2));
        publishers.close(Duration.ofSeconds(2));
    }
}
