package dev.photon.executor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.photon.protocol.FinishedRanges;
import dev.photon.protocol.TriggerCommit;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionsTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);
    private static final String GROUP = "dummy.group.id";

    private final List<TestingProducer> producers = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final TestingConsumer consumer = new TestingConsumer();
    private final Map<TopicPartition, Lane> lanes = new HashMap<>();
    private final Map<TopicPartition, TestingIntake> intakes = new HashMap<>();
    private final AtomicLong nanos = new AtomicLong();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Transactions transactions = new Transactions(
            new TransactionalProducer(this::open, Duration.ZERO),
            consumer,
            lanes,
            failure -> false,
            new TriggerMeters(meters, Tags.empty()),
            nanos::get);

    /** Takes what the test lets it take. */
    private static final class TestingProducer extends MockProducer<byte[], byte[]> {
        private final Map<String, RuntimeException> refusing = new HashMap<>();
        private boolean acknowledging = true;
        private int unanswered;
        private boolean faulty;

        TestingProducer() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message, Callback callback) {
            var refusal = refusing.get(new String(message.value(), UTF_8));
            if (refusal == null) {
                var sent = super.send(message, callback);
                return acknowledging ? sent : new CompletableFuture<>();
            }
            callback.onCompletion(null, refusal);
            return CompletableFuture.failedFuture(refusal);
        }

        @Override
        public void commitTransaction() {
            if (unanswered > 0) {
                unanswered--;
                throw new TimeoutException();
            }
            super.commitTransaction();
            if (faulty) {
                throw new LinkageError("made up");
            }
        }

        List<String> values() {
            return history().stream()
                    .map(message -> new String(message.value(), UTF_8))
                    .toList();
        }
    }

    /** Knows which topics there are, and what the group says. */
    private final class TestingConsumer extends MockConsumer<byte[], byte[]> {
        private final Set<String> away = new HashSet<>();
        private final Map<TopicPartition, OffsetAndMetadata> said = new HashMap<>();
        private boolean putOut;
        private int looks;

        TestingConsumer() {
            super("earliest");
        }

        @Override
        public synchronized List<PartitionInfo> partitionsFor(String topic, Duration patience) {
            assertThat(lanes.values()).as("whoever finishes records waits").noneMatch(Thread::holdsLock);
            looks++;
            return away.contains(topic) ? List.of() : List.of(new PartitionInfo(topic, 0, null, null, null));
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
                Set<TopicPartition> partitions, Duration patience) {
            return said;
        }

        @Override
        @SuppressWarnings("removal") // There is no other way to make one.
        public synchronized ConsumerGroupMetadata groupMetadata() {
            return putOut ? new ConsumerGroupMetadata(GROUP) : super.groupMetadata();
        }
    }

    @BeforeEach
    void assign() {
        for (var partition : List.of(FIRST, SECOND)) {
            var intake = new TestingIntake();
            var released = new TriggerCommit(17, 0, new TreeMap<>(), FinishedRanges.NONE);
            var lane = new ExactlyOnceLane(
                    OffsetTracker.restored(0, FinishedRanges.NONE),
                    Optional.of(new OffsetAndMetadata(0, released.encode(0))),
                    new TriggerLane.Rules(intake, 1_000, 3, new TakenBytes(1L << 30)),
                    released);
            intakes.put(partition, intake);
            lanes.put(partition, lane);
        }
    }

    private Producer<byte[], byte[]> open() {
        producers.add(new TestingProducer());
        return producers.getLast();
    }

    private TestingProducer producer() {
        return producers.getLast();
    }

    private void take(TopicPartition partition, int records) {
        LongStream.range(0, records).forEach(offset -> lanes.get(partition).take(TestingIntake.record(offset)));
    }

    private void hold(TopicPartition partition, long offset, String topic, byte[] value) {
        var taken = intakes.get(partition).taken(offset);
        taken.begin();
        taken.holding()
                .orElseThrow()
                .hold(new Held(
                        new ProducerRecord<>(topic, value),
                        () -> events.add(offset + " is safe"),
                        () -> events.add(offset + " is too large")));
    }

    private void hold(TopicPartition partition, long offset, String value) {
        hold(partition, offset, "done", value.getBytes(UTF_8));
    }

    private long transactions(String outcome) {
        return meters.get("photon.executor.trigger.transactions")
                .tag("outcome", outcome)
                .timer()
                .count();
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() {
        var all = new HashMap<TopicPartition, OffsetAndMetadata>();
        producer().consumerGroupOffsetsHistory().forEach(commit -> all.putAll(commit.get(GROUP)));
        return all;
    }

    @Test
    void theOutputsOfAllPartitionsGoInOneTransactionWithTheirOffsets() {
        take(FIRST, 2);
        take(SECOND, 1);
        hold(FIRST, 1, "b");
        hold(FIRST, 0, "a");
        hold(SECOND, 0, "c");

        transactions.finished(false);

        assertThat(producer().commitCount()).isEqualTo(1);
        assertThat(producer().values()).containsSubsequence("a", "b").contains("c");
        assertThat(committed().get(FIRST).offset()).isEqualTo(2);
        assertThat(committed().get(SECOND).offset()).isEqualTo(1);
        assertThat(events).containsSubsequence("0 is safe", "1 is safe").hasSize(3);
        assertThat(transactions("committed")).isEqualTo(1);
    }

    @Test
    void whatNobodyWaitsForIsCommittedWhenItIsDue() {
        lanes.get(FIRST).reached(5);

        transactions.finished(false);
        assertThat(producers).isEmpty();

        transactions.finished(true);
        assertThat(committed().get(FIRST).offset()).as("markers are no work").isEqualTo(5);
        var commits = producer().commitCount();
        transactions.finished(true);
        assertThat(producer().commitCount()).as("nothing is new").isEqualTo(commits);
    }

    @Test
    void aClaimIsSafeWhenItsTransactionIs() {
        var claim = lanes.get(FIRST).claim(4).orElseThrow();

        assertThat(transactions.now(Map.of(FIRST, claim))).isTrue();

        assertThat(committed()).containsOnlyKeys(FIRST);
        assertThat(lanes.get(FIRST).claim(4)).isEmpty();
    }

    @Test
    void whatIsTooLargeEndsOneTransactionAndNotTheNext() {
        take(FIRST, 2);
        hold(FIRST, 0, "large");
        hold(FIRST, 1, "b");
        transactions.finished(true);
        var first = producer();
        lanes.get(FIRST).take(TestingIntake.record(2));
        first.refusing.put("too large", new RecordTooLargeException());
        hold(FIRST, 2, "too large");
        events.clear();

        transactions.finished(false);

        assertThat(events).containsExactly("2 is too large");
        assertThat(first.transactionAborted()).isTrue();
        hold(FIRST, 2, "dead", "dead letter".getBytes(UTF_8));
        transactions.finished(false);
        assertThat(first.values()).containsExactly("large", "b", "dead letter");
        assertThat(committed().get(FIRST).offset()).isEqualTo(3);
    }

    @Test
    void aTopicThatIsAwayHoldsUpWhatGoesThereAndNothingElse() {
        consumer.away.add("away");
        take(FIRST, 2);
        take(SECOND, 1);
        hold(FIRST, 0, "a");
        hold(FIRST, 1, "away", new byte[1]);
        hold(SECOND, 0, "c");

        transactions.finished(false);

        assertThat(producer().values()).containsExactlyInAnyOrder("a", "c");
        assertThat(committed().get(FIRST).offset()).isEqualTo(1);
        transactions.finished(false);
        assertThat(consumer.looks).as("it is not asked for all the time").isEqualTo(2);

        consumer.away.clear();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        transactions.finished(false);

        assertThat(committed().get(FIRST).offset()).isEqualTo(2);
    }

    @Test
    void whatIsRefusedHoldsUpItsPartitionAndNoOther() {
        take(FIRST, 1);
        take(SECOND, 1);
        hold(FIRST, 0, "a");
        transactions.now(Map.of(SECOND, lanes.get(SECOND).claim(0).orElseThrow()));
        producer().refusing.put("a", new InvalidRecordException("it has no key"));
        hold(SECOND, 0, "c");

        transactions.finished(false);
        transactions.finished(false);

        assertThat(producer().values()).containsExactly("c");
        assertThat(committed().get(SECOND).offset()).isEqualTo(1);
    }

    @Test
    void aTopicThatRefusesIsTriedAgainLater() {
        take(FIRST, 1);
        hold(FIRST, 0, "a");
        transactions.now(Map.of(SECOND, lanes.get(SECOND).claim(0).orElseThrow()));
        producer().refusing.put("a", new TimeoutException());

        transactions.finished(false);

        assertThat(producer().transactionAborted()).isTrue();
        assertThat(transactions("aborted")).isEqualTo(1);
        producer().refusing.clear();
        transactions.finished(false);
        assertThat(producer().values()).isEmpty();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        transactions.finished(false);
        assertThat(producer().values()).containsExactly("a");
        assertThat(events).containsExactly("0 is safe");
    }

    @Test
    void aMemberThatWasPutOutSendsNothing() {
        take(FIRST, 1);
        hold(FIRST, 0, "a");
        transactions.now(Map.of(SECOND, lanes.get(SECOND).claim(0).orElseThrow()));
        producer().sendOffsetsToTransactionException = new CommitFailedException();

        transactions.finished(false);

        assertThat(producer().transactionAborted()).isTrue();
        assertThat(producer().values()).isEmpty();
        assertThat(events).isEmpty();
        assertThat(lanes.get(FIRST).progress().offset()).isZero();
        assertThat(transactions("fenced")).isEqualTo(1);
    }

    @Test
    void whoIsInNoGroupCommitsNothing() {
        take(FIRST, 1);
        hold(FIRST, 0, "a");
        consumer.putOut = true;

        transactions.finished(false);

        assertThat(producer().transactionAborted()).isTrue();
        assertThat(producer().commitCount()).isZero();
    }

    @Test
    void aProducerThatCannotAbortIsFollowedByAnother() {
        take(FIRST, 1);
        hold(FIRST, 0, "a");
        transactions.now(Map.of(SECOND, lanes.get(SECOND).claim(0).orElseThrow()));
        var fenced = producer();
        fenced.fenceProducer();

        transactions.finished(false);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        transactions.finished(false);

        assertThat(fenced.closed()).isTrue();
        assertThat(producers).hasSize(2);
        assertThat(producer().values()).containsExactly("a");
    }

    @Test
    void whatIsNotAcknowledgedInTimeIsAborted() {
        take(FIRST, 1);
        hold(FIRST, 0, "a");
        transactions.now(Map.of(SECOND, lanes.get(SECOND).claim(0).orElseThrow()));
        producer().acknowledging = false;

        transactions.finished(false);

        assertThat(producer().transactionAborted()).isTrue();
        assertThat(events).isEmpty();
    }

    @Test
    void aCommitThatIsNotAnsweredIsAskedForAgain() {
        take(FIRST, 1);
        hold(FIRST, 0, "a");
        transactions.now(Map.of(SECOND, lanes.get(SECOND).claim(0).orElseThrow()));
        producer().unanswered = TransactionalProducer.MOST_COMMITS - 1;

        transactions.finished(false);

        assertThat(producers).hasSize(1);
        assertThat(producer().values()).containsExactly("a");
        assertThat(events).containsExactly("0 is safe");
    }

    @Test
    void whatTheGroupSaysIsCommittedThoughNobodyAnswered() {
        take(FIRST, 1);
        hold(FIRST, 0, "a");
        transactions.now(Map.of(SECOND, lanes.get(SECOND).claim(0).orElseThrow()));
        producer().unanswered = TransactionalProducer.MOST_COMMITS;
        consumer.said.put(FIRST, lanes.get(FIRST).batch(output -> true).progress());

        transactions.finished(false);
        transactions.finished(true);

        assertThat(producers).as("the second ends what the first began").hasSize(2);
        assertThat(events).containsExactly("0 is safe");
        assertThat(producer().values()).isEmpty();
    }

    @Test
    void whatTheGroupDoesNotSayIsMadeAgain() {
        take(FIRST, 1);
        hold(FIRST, 0, "a");
        transactions.now(Map.of(SECOND, lanes.get(SECOND).claim(0).orElseThrow()));
        producer().unanswered = TransactionalProducer.MOST_COMMITS;

        transactions.finished(false);

        assertThat(events).isEmpty();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        transactions.finished(false);
        assertThat(producer().values()).containsExactly("a");
        assertThat(events).containsExactly("0 is safe");
    }

    @Test
    void aFaultAfterACommitSendsNothingAgain() {
        take(FIRST, 1);
        hold(FIRST, 0, "a");
        transactions.now(Map.of(SECOND, lanes.get(SECOND).claim(0).orElseThrow()));
        producer().faulty = true;

        assertThatThrownBy(() -> transactions.finished(false)).isInstanceOf(LinkageError.class);
        transactions.last(List.of(FIRST));

        assertThat(producers).hasSize(1);
        assertThat(producer().values()).containsExactly("a");
        assertThat(producer().closed()).isTrue();
    }

    @Test
    void whatMayBeCommittedIsLeftToWhoComesNext() {
        take(FIRST, 1);
        take(SECOND, 1);
        hold(FIRST, 0, "a");
        transactions.now(Map.of(SECOND, lanes.get(SECOND).claim(0).orElseThrow()));
        hold(SECOND, 0, "b");
        producer().unanswered = TransactionalProducer.MOST_COMMITS;
        consumer.said.put(FIRST, lanes.get(FIRST).batch(output -> true).progress());

        assertThatThrownBy(() -> transactions.finished(false)).isInstanceOf(Transactions.OutcomeUnknown.class);

        assertThat(producer().closed()).isTrue();
        assertThat(lanes.values()).allMatch(Lane::isDropped);
        assertThat(events).isEmpty();
        assertThat(transactions("unknown")).isEqualTo(1);
        transactions.last(lanes.keySet());
        assertThat(producers).hasSize(2);
        assertThatThrownBy(() -> transactions.now(Map.of())).isInstanceOf(KafkaException.class);
    }

    @Test
    void whatTakesLongIsLookedAtMoreSeldom() {
        assertThat(transactions.patience()).hasMillis(100);
        take(FIRST, 1);
        intakes.get(FIRST).taken(0).begin();

        assertThat(transactions.patience()).hasMillis(5);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(400));
        assertThat(transactions.patience()).hasMillis(50);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(transactions.patience()).hasMillis(100);

        hold(FIRST, 0, "a");
        transactions.finished(false);
        lanes.get(FIRST).take(TestingIntake.record(1));
        intakes.get(FIRST).taken(1).begin();
        assertThat(transactions.patience()).hasMillis(5);
    }

    @Test
    void moreThanOneTransactionTakesGoesInSeveral() {
        take(FIRST, 3);
        for (long offset = 0; offset < 3; offset++) {
            hold(FIRST, offset, "done", new byte[5 << 20]);
        }

        transactions.finished(false);
        assertThat(committed().get(FIRST).offset()).isEqualTo(1);

        transactions.last(List.of(FIRST));
        assertThat(committed().get(FIRST).offset()).isEqualTo(3);
        assertThat(producer().commitCount()).isEqualTo(3);
    }
}
