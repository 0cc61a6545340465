package dev.photon.executor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.FinishedRanges;
import dev.photon.protocol.TriggerCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class ExactlyOnceLaneTest {
    private static final int WINDOW = 8;
    private static final int MOST_ATTEMPTS = 3;
    private static final long MOST_BYTES = 1_000;

    private final TestingIntake intake = new TestingIntake();
    private final List<String> events = new ArrayList<>();
    private final ExactlyOnceLane lane = lane(intake, released(4));

    private static OffsetAndMetadata released(long offset) {
        var said = new TriggerCommit(17, offset, new TreeMap<>(), FinishedRanges.NONE);
        return new OffsetAndMetadata(offset, said.encode(offset));
    }

    private static ExactlyOnceLane lane(TestingIntake intake, OffsetAndMetadata commit) {
        var said = said(commit);
        return new ExactlyOnceLane(
                OffsetTracker.restored(commit.offset(), said.finished()),
                Optional.of(commit),
                new TriggerLane.Rules(intake, WINDOW, MOST_ATTEMPTS, new TakenBytes(MOST_BYTES)),
                said);
    }

    private static TriggerCommit said(OffsetAndMetadata commit) {
        return TriggerCommit.decode(commit.offset(), commit.metadata()).orElseThrow();
    }

    private void take(long from, long to) {
        lane.claim(to).ifPresent(lane::committed);
        LongStream.rangeClosed(from, to).mapToObj(TestingIntake::record).forEach(lane::take);
    }

    private void hold(long offset) {
        hold(offset, 1);
    }

    private void hold(long offset, int bytes) {
        var taken = intake.taken(offset);
        assertThat(taken.begin()).isTrue();
        taken.holding()
                .orElseThrow()
                .hold(new Held(
                        new ProducerRecord<>("done", new byte[bytes]),
                        () -> events.add(offset + " is safe"),
                        () -> events.add(offset + " is too large")));
    }

    private static Batch batch(Lane lane) {
        return lane.batch(output -> true);
    }

    @Test
    void outputsGoWithTheOffsetsOfAllBeforeThemInTheirOrder() {
        take(4, 7);
        hold(6);
        hold(5);
        assertThat(batch(lane).outputs()).isEmpty();
        assertThat(batch(lane).progress().offset()).isEqualTo(4);

        hold(4);

        var batch = batch(lane);
        assertThat(batch.outputs().keySet()).containsExactly(4L, 5L, 6L);
        assertThat(batch.progress().offset()).isEqualTo(7);
        assertThat(events).isEmpty();

        lane.committed(batch);

        assertThat(events).containsExactly("4 is safe", "5 is safe", "6 is safe");
        assertThat(lane.progress().offset()).isEqualTo(7);
        assertThat(lane.isCommitted(batch.progress())).isTrue();
        assertThat(lane.unfinished()).isEqualTo(1);
    }

    @Test
    void aBatchThatIsAbortedIsMadeAgain() {
        take(4, 5);
        hold(4);
        var first = batch(lane);
        hold(5);

        assertThat(batch(lane).outputs().keySet()).containsExactly(4L, 5L);
        assertThat(first.outputs().keySet()).containsExactly(4L);
        assertThat(lane.progress().offset()).isEqualTo(4);
    }

    @Test
    void whileSomethingIsToBeCommittedNobodyLooksForRoomBeside() {
        take(4, 4 + WINDOW - 1);
        hold(4);

        assertThat(lane.full()).isTrue();
        assertThat(lane.untilRoomy()).isEqualTo(Commits.LONGEST_WAIT);

        lane.committed(batch(lane));
        assertThat(lane.untilRoomy()).isLessThan(Commits.LONGEST_WAIT);
    }

    @Test
    void whatHasNoOutputIsCommittedWithTheNextBatch() {
        take(4, 6);
        intake.taken(5).begin();
        intake.taken(5).finished();
        assertThat(batch(lane).progress().offset()).isEqualTo(4);

        hold(4);

        assertThat(batch(lane).outputs().keySet()).containsExactly(4L);
        assertThat(batch(lane).progress().offset()).isEqualTo(6);
    }

    @Test
    void aBatchEndsBeforeWhatDoesNotGo() {
        take(4, 6);
        hold(4);
        hold(5, 2);
        hold(6);

        var batch = lane.batch(output -> output.bytes() < 2);

        assertThat(batch.outputs().keySet()).containsExactly(4L);
        assertThat(batch.progress().offset()).isEqualTo(5);
    }

    @Test
    void whatIsTooLargeIsNotHeldAnyMoreUntilSomethingElseIs() {
        take(4, 5);
        hold(4);
        hold(5);

        lane.tooLarge(4);

        assertThat(events).containsExactly("4 is too large");
        assertThat(batch(lane).outputs()).isEmpty();
        intake.taken(4).holding().orElseThrow().hold(new Held(new ProducerRecord<>("dead", null), () -> {}, () -> {}));
        assertThat(batch(lane).outputs().values())
                .extracting(output -> output.message().topic())
                .containsExactly("dead", "done");
    }

    @Test
    void whileTooMuchIsHeldBackOnlyTheFirstThatHasToRunDoes() {
        take(4, 7);
        hold(5, (int) MOST_BYTES);

        var first = intake.taken(4).holding().orElseThrow().room();
        var later = intake.taken(6).holding().orElseThrow().room();

        assertThat(first).isDone();
        assertThat(later).isNotDone();
        assertThat(lane.full()).isTrue();

        hold(4);
        lane.nextAlone();

        assertThat(later).as("it is the first now").isDone();
        var last = intake.taken(7).holding().orElseThrow().room();
        assertThat(last).isNotDone();

        lane.committed(batch(lane));
        lane.nextAlone();

        assertThat(last).isDone();
        assertThat(lane.full()).isFalse();
    }

    @Test
    void whoWaitsForRoomLeavesWithTheLane() {
        take(4, 7);
        hold(5, (int) MOST_BYTES);
        var later = intake.taken(6).holding().orElseThrow().room();

        lane.close();

        assertThat(later).isDone();
        assertThat(intake.taken(6).begin()).isFalse();
    }

    @Test
    void aPartitionIsReleasedWithWhatIsFinished() {
        take(4, 6);
        hold(4);
        hold(6);
        intake.taken(5).begin();
        intake.taken(5).waits(1);

        lane.close();

        assertThat(lane.idle()).isTrue();
        var batch = batch(lane);
        assertThat(batch.outputs().keySet()).containsExactly(4L);
        assertThat(batch.progress().offset()).isEqualTo(5);
        assertThat(said(batch.progress()).begun())
                .as("nothing may have killed us")
                .isEqualTo(5);
        assertThat(said(batch.progress()).attempts()).containsOnlyKeys(5L);
    }

    /** Owners die at any moment; outputs and commits become visible together. */
    @Property(tries = 300)
    void eachRecordHasItsOutputOnceAndInOrder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int records) {
        var random = new Random(seed);
        var log = new Log(records);
        for (int owner = 0; owner < 2_000 && !log.isDone(); owner++) {
            log.own(random);
        }

        assertThat(log.outputs)
                .containsExactlyElementsOf(
                        LongStream.range(0, records).mapToObj(Long::toString).toList());
    }

    /** A partition, what is committed of it, and the topic of its outputs. */
    private static final class Log {
        private final int records;
        private OffsetAndMetadata commit = released(0);
        private final List<String> outputs = new ArrayList<>();

        Log(int records) {
            this.records = records;
        }

        boolean isDone() {
            return commit.offset() == records;
        }

        /** The life of one owner, which ends by death or, seldom, by a release. */
        void own(Random random) {
            var intake = new TestingIntake();
            var lane = lane(intake, commit);
            var running = new ArrayList<TestingIntake.Accepted>();
            var next = commit.offset();
            var seen = 0;
            for (int step = 0; step < 40; step++) {
                if (next < records && !lane.full()) {
                    var last = Math.min(records - 1, next + random.nextInt(4));
                    lane.claim(last).ifPresent(claim -> commit(lane, batch(lane)));
                    for (; next <= last; next++) {
                        lane.take(TestingIntake.record(next));
                    }
                }
                lane.nextAlone().ifPresent(note -> {
                    commit(lane, batch(lane));
                    lane.runAlone();
                });
                for (; seen < intake.accepted.size(); seen++) {
                    var one = intake.accepted.get(seen);
                    if (one.taken().begin()) {
                        running.add(one);
                    }
                }
                if (!running.isEmpty()) {
                    hold(running.remove(random.nextInt(running.size())));
                }
                switch (random.nextInt(8)) {
                    case 0 -> commit(lane, batch(lane));
                    case 1 -> {
                        return;
                    }
                    default -> {}
                }
            }
            lane.close();
            running.forEach(Log::hold);
            commit(lane, batch(lane));
        }

        private static void hold(TestingIntake.Accepted one) {
            var value = Long.toString(one.offset()).getBytes(UTF_8);
            one.taken().holding().orElseThrow().hold(new Held(new ProducerRecord<>("done", value), () -> {}, () -> {}));
        }

        private void commit(ExactlyOnceLane lane, Batch batch) {
            batch.outputs()
                    .values()
                    .forEach(output -> outputs.add(new String(output.message().value(), UTF_8)));
            commit = batch.progress();
            lane.committed(batch);
        }
    }
}
