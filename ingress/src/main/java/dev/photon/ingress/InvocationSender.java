package dev.photon.ingress;

import dev.photon.protocol.CallKey;
import dev.photon.protocol.CancellationCodec;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationCodec;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Liveness;
import dev.photon.protocol.Refusals;
import dev.photon.protocol.Replay;
import dev.photon.protocol.ReplayCodec;
import dev.photon.protocol.Result;
import dev.photon.protocol.ResultCodec;
import dev.photon.protocol.TopicPlan;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the producer of invocations and keeps its {@code send}, which may block, off the event loops: they hand over,
 * one thread sends. {@link Admission} bounds what can be queued here. Thread-safe.
 */
final class InvocationSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InvocationSender.class);
    private static final long ASK_NANOS = Duration.ofSeconds(1).toNanos();

    /**
     * An invocation may go to any partition, so those of a broker that takes nothing for so long are left out, in
     * milliseconds.
     */
    private static final String UNAVAILABLE_MILLIS = "1000";

    private final TopicPlan plan;
    private final String cancellations;
    private final String source;
    private final PendingReplies pending;
    private final Refusals refusals;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ConcurrentLinkedQueue<Outgoing> queue = new ConcurrentLinkedQueue<>();
    /** Ids. They are sent when no invocation waits. */
    private final ConcurrentLinkedQueue<String> cancelled = new ConcurrentLinkedQueue<>();

    private final LogStanding standing = new LogStanding(System::nanoTime);
    /** Whether it is being found out if a broker answers. */
    private final AtomicBoolean asking = new AtomicBoolean();

    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean parked;

    /** What waits for the thread that sends. */
    private interface Outgoing {
        ProducerRecord<byte[], byte[]> encoded();

        void stored(RecordMetadata place);

        void failed();
    }

    /** Hears what became of a record, on any thread. */
    interface Receipt {
        void stored(int partition, long offset);

        void failed();
    }

    /** One that somebody waits for, who is told of failures alone. */
    private final class Pooled implements Outgoing {
        private final Invocation invocation;
        private final String pool;

        private Pooled(Invocation invocation, String pool) {
            this.invocation = invocation;
            this.pool = pool;
        }

        @Override
        public ProducerRecord<byte[], byte[]> encoded() {
            var topic = plan.topics().invocations(pool);
            return invocation
                    .key()
                    .map(key -> InvocationCodec.encode(topic, partition(key), invocation))
                    .orElseGet(() -> InvocationCodec.encode(topic, invocation));
        }

        @Override
        public void stored(RecordMetadata place) {
            // The reply says so.
        }

        @Override
        public void failed() {
            pending.fail(invocation.id(), ErrorKind.UNAVAILABLE, LogStanding.AWAY);
        }
    }

    private record Receipted(Supplier<ProducerRecord<byte[], byte[]>> message, Receipt receipt) implements Outgoing {
        @Override
        public ProducerRecord<byte[], byte[]> encoded() {
            return message.get();
        }

        @Override
        public void stored(RecordMetadata place) {
            receipt.stored(place.partition(), place.offset());
        }

        @Override
        public void failed() {
            receipt.failed();
        }
    }

    InvocationSender(KafkaConnection kafka, TopicPlan plan, String instance, PendingReplies pending) {
        this.plan = plan;
        this.cancellations = plan.topics().cancellations();
        this.source = "/photon/ingress/" + instance;
        this.pending = pending;
        this.refusals = new Refusals(kafka);
        this.producer = kafka.producer(
                "ingress-" + instance, Map.of("partitioner.availability.timeout.ms", UNAVAILABLE_MILLIS));
        this.thread = Thread.ofPlatform().name("invocation-sender").start(Liveness.needed(this::run));
    }

    /** Whether the pool is one of the region's. */
    boolean reaches(String pool) {
        return plan.pools().contains(pool);
    }

    /** Queues a record for a pool's executors; a failure is told to {@link PendingReplies}. Never blocks. */
    void send(Invocation invocation, String pool) {
        queue(new Pooled(invocation, pool));
    }

    /** Queues a record for a pool's executors, of which its sender hears. Never blocks. */
    void send(Invocation invocation, String pool, Receipt receipt) {
        queue(new Receipted(() -> InvocationCodec.encode(plan.topics().invocations(pool), invocation), receipt));
    }

    /** Queues the note that a call was taken whose answer is asked for later. Never blocks. */
    void note(Result.Accepted accepted, Receipt receipt) {
        queue(new Receipted(() -> ResultCodec.encode(plan.topics().results(), source, accepted), receipt));
    }

    /** Queues a replay for whichever executor; a failure is told to {@link PendingReplies}. Never blocks. */
    void send(Replay replay) {
        queue(new Receipted(() -> ReplayCodec.encode(plan.topics().replays(), replay), new Unheard() {
            @Override
            public void failed() {
                pending.fail(replay.id(), ErrorKind.UNAVAILABLE, LogStanding.AWAY);
            }
        }));
    }

    /** Queues the sign that somebody still reads a replay's report. Never blocks. */
    void awaited(String replayId) {
        queue(new Receipted(() -> CancellationCodec.encodeAwaited(cancellations, replayId, source), new Unheard() {}));
    }

    /** Of what is not missed when it is lost. */
    private interface Unheard extends Receipt {
        @Override
        default void stored(int partition, long offset) {}

        @Override
        default void failed() {}
    }

    private void queue(Outgoing next) {
        queue.add(next);
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    /**
     * Says that nobody waits for an invocation any more, as far as that can be said: a run that does not hear of it goes
     * on to its end. Never blocks.
     */
    void cancel(String invocationId) {
        cancelled.add(invocationId);
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    /**
     * Whether the brokers have acknowledged nothing for more than a second although something waits for it, or nothing
     * since before they let a send time out.
     */
    boolean stuck() {
        return standing.isStuck();
    }

    /**
     * Whether a call may be sent now; while the log is stuck, one may now and then.
     *
     * @param period how often, then
     */
    boolean admits(Duration period) {
        return standing.admits(period);
    }

    private void run() {
        while (!closed || !queue.isEmpty()) {
            var next = queue.poll();
            if (next != null) {
                sendNow(next);
            } else if (!cancelNext()) {
                idle();
            }
        }
    }

    private void idle() {
        parked = true;
        if (queue.isEmpty() && cancelled.isEmpty() && !closed) {
            if (standing.isAway()) {
                LockSupport.parkNanos(this, ASK_NANOS);
                ask();
            } else {
                LockSupport.park(this);
            }
        }
        parked = false;
    }

    private void sendNow(Outgoing next) {
        var sent = standing.sent();
        try {
            producer.send(next.encoded(), (metadata, failure) -> acknowledged(next, sent, metadata, failure));
        } catch (RuntimeException e) {
            // The producer's buffer is full, or it has no metadata: it waited and gave up.
            acknowledged(next, sent, null, e);
        }
    }

    /**
     * One that all topics have: whoever runs the call keeps its answer on the same, and versions of a function in other
     * pools find it there.
     */
    private int partition(CallKey key) {
        var topics = plan.topics();
        return key.partition(
                Stream.concat(Stream.of(topics.results()), plan.pools().stream().map(topics::invocations))
                        .mapToInt(topic -> producer.partitionsFor(topic).size())
                        .min()
                        .orElseThrow());
    }

    private boolean cancelNext() {
        var id = cancelled.poll();
        if (id == null) {
            return false;
        }
        try {
            producer.send(CancellationCodec.encode(cancellations, id, source));
        } catch (RuntimeException e) {
            LOG.atDebug().addKeyValue("error", e.toString()).log("cancellation not sent");
        }
        return true;
    }

    /** Perhaps no call comes that may try, so this does: with a word about a call that there never was. */
    private void ask() {
        if (!asking.compareAndSet(false, true)) {
            return;
        }
        try {
            producer.send(
                    CancellationCodec.encode(cancellations, InvocationIds.next(), source), (metadata, failure) -> {
                        asking.set(false);
                        if (failure == null) {
                            standing.reached();
                        }
                    });
        } catch (RuntimeException e) {
            asking.set(false);
            LOG.atDebug().addKeyValue("error", e.toString()).log("the event log is still away");
        }
    }

    private void acknowledged(Outgoing message, long sent, RecordMetadata place, Exception failure) {
        if (failure == null) {
            standing.acknowledged();
            message.stored(place);
        } else {
            if (standing.failed(sent, failure instanceof RetriableException)) {
                LockSupport.unpark(thread);
            }
            refusals.tell(failure);
            LOG.atDebug().addKeyValue("error", failure.toString()).log("invocation not sent");
            message.failed();
        }
    }

    /** Sends what is queued and waits for its acknowledgements up to 5 s; what has none by then has failed. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(5));
    }
}
