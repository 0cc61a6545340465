package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.FinishedRanges;
import dev.photon.protocol.TriggerCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class TriggerLaneTest {
    private static final int WINDOW = 8;
    private static final int MOST_ATTEMPTS = 3;
    private static final long GENERATION = 17;

    private final TestingIntake intake = new TestingIntake();

    private static TriggerLane lane(TestingIntake intake, long offset, String metadata) {
        var said = TriggerCommit.decode(offset, metadata).orElseThrow();
        return new TriggerLane(
                OffsetTracker.restored(offset, said.finished()),
                Optional.of(new OffsetAndMetadata(offset, metadata)),
                new TriggerLane.Rules(intake, WINDOW, MOST_ATTEMPTS, new TakenBytes(1_000)),
                said);
    }

    private static String released(long offset) {
        return said(offset, offset, Map.of());
    }

    private static String said(long offset, long begun, Map<Long, Integer> attempts) {
        return new TriggerCommit(GENERATION, begun, new TreeMap<>(attempts), FinishedRanges.NONE).encode(offset);
    }

    private static TriggerCommit said(OffsetAndMetadata commit) {
        return TriggerCommit.decode(commit.offset(), commit.metadata()).orElseThrow();
    }

    /** As the poll thread does it. */
    private static void take(TriggerLane lane, long from, long to) {
        lane.claim(to).ifPresent(lane::committed);
        for (long offset = from; offset <= to; offset++) {
            lane.take(TestingIntake.record(offset));
        }
    }

    private static void runNextAlone(TriggerLane lane) {
        lane.nextAlone().ifPresent(commit -> {
            lane.committed(commit);
            lane.runAlone();
        });
    }

    @Test
    void nothingBeginsThatNoCommitTellsOf() {
        var lane = lane(intake, 4, released(4));

        var claim = lane.claim(6).orElseThrow();
        assertThat(claim.offset()).isEqualTo(4);
        assertThat(said(claim).begun()).isEqualTo(7 + WINDOW);
        assertThat(lane.claim(6)).isPresent();

        lane.committed(claim);
        assertThat(lane.claim(6 + WINDOW)).isEmpty();
        assertThat(lane.claim(7 + WINDOW)).isPresent();
    }

    @Test
    void everythingRunsAtOnceAfterARelease() {
        var lane = lane(intake, 4, released(4));

        take(lane, 4, 6);

        assertThat(intake.offsets()).containsExactly(4L, 5L, 6L);
        assertThat(intake.accepted).noneMatch(one -> one.taken().redelivered());
        assertThat(lane.nextAlone()).isEmpty();
    }

    @Test
    void aPartitionIsReleasedWhenNothingRuns() {
        var lane = lane(intake, 4, released(4));
        take(lane, 4, 6);
        assertThat(intake.taken(4).begin()).isTrue();
        assertThat(intake.taken(5).begin()).isTrue();
        intake.taken(4).finished();

        lane.close();

        assertThat(intake.taken(6).begin()).isFalse();
        assertThat(lane.idle()).isFalse();
        assertThat(said(lane.progress()).begun()).isGreaterThan(6);

        intake.taken(5).waits(1);

        assertThat(lane.idle()).isTrue();
        var last = lane.progress();
        assertThat(last.offset()).isEqualTo(5);
        assertThat(said(last))
                .isEqualTo(new TriggerCommit(GENERATION, 5, new TreeMap<>(Map.of(5L, 1)), FinishedRanges.NONE));
    }

    @Test
    void whatMayHaveBegunRunsOneByOneAndTheRestAfterIt() {
        var lane = lane(intake, 4, said(4, 6, Map.of()));
        take(lane, 4, 7);
        assertThat(intake.accepted).isEmpty();
        assertThat(lane.full()).isTrue();

        runNextAlone(lane);
        assertThat(intake.offsets()).containsExactly(4L);
        assertThat(intake.taken(4).redelivered()).isTrue();
        assertThat(intake.taken(4).begin()).isTrue();
        runNextAlone(lane);
        assertThat(intake.offsets()).containsExactly(4L);

        intake.taken(4).finished();
        runNextAlone(lane);
        assertThat(intake.offsets()).containsExactly(4L, 5L);
        assertThat(intake.taken(5).begin()).isTrue();

        intake.taken(5).waits(1);
        runNextAlone(lane);
        assertThat(intake.offsets()).containsExactly(4L, 5L, 6L, 7L);
        assertThat(intake.taken(6).redelivered()).isFalse();
        assertThat(lane.roomy()).isTrue();
    }

    @Test
    void anAttemptIsNotedBeforeItBegins() {
        var lane = lane(intake, 4, said(4, 6, Map.of(4L, 1)));
        take(lane, 4, 5);

        var note = lane.nextAlone().orElseThrow();

        assertThat(said(note).attempts()).containsExactly(Map.entry(4L, 2));
        assertThat(said(note).begun()).isEqualTo(6);
        assertThat(intake.accepted).isEmpty();
        assertThat(lane.nextAlone()).contains(note);
        lane.runAlone();
        assertThat(intake.taken(4).attempts()).isEqualTo(1);
    }

    @Test
    void aSuspectThatWaitsForItsKeyHoldsUpNoOther() {
        var lane = lane(intake, 4, said(4, 7, Map.of()));
        take(lane, 4, 6);
        intake.free = source -> source.offset() != 4;

        runNextAlone(lane);

        assertThat(intake.offsets()).containsExactly(5L);
    }

    @Test
    void aSuspectIsTriedAgainAloneAndNoted() {
        var lane = lane(intake, 4, said(4, 6, Map.of()));
        take(lane, 4, 5);
        runNextAlone(lane);
        intake.taken(4).begin();
        intake.taken(4).waits(1);
        runNextAlone(lane);
        assertThat(intake.taken(5).begin()).isTrue();
        var attempts = new AtomicInteger();

        intake.taken(4).again(attempts::incrementAndGet);

        assertThat(lane.nextAlone()).isEmpty();
        intake.taken(5).finished();
        var note = lane.nextAlone().orElseThrow();
        assertThat(said(note).attempts()).containsExactly(Map.entry(4L, 2));
        assertThat(said(note).begun()).isGreaterThan(4);
        assertThat(attempts).hasValue(0);
        lane.runAlone();
        assertThat(attempts).hasValue(1);
    }

    @Test
    void aSuspectThatIsToBeTriedAgainLeavesWithItsLane() {
        var lane = lane(intake, 4, said(4, 6, Map.of()));
        take(lane, 4, 5);
        runNextAlone(lane);
        intake.taken(4).begin();
        intake.taken(4).waits(1);
        var attempts = new AtomicInteger();
        intake.taken(4).again(attempts::incrementAndGet);
        assertThat(lane.nextAlone()).isPresent();

        lane.close();

        assertThat(attempts).hasValue(1);
        assertThat(intake.taken(4).begin()).isFalse();
        assertThat(said(lane.progress()).attempts()).containsExactly(Map.entry(4L, 1));
    }

    @Test
    void noMoreIsTakenWhileWhatIsTakenIsLarge() {
        var bytes = new TakenBytes(100);
        var rules = new TriggerLane.Rules(intake, WINDOW, MOST_ATTEMPTS, bytes);
        var said = said(new OffsetAndMetadata(4, released(4)));
        var lane = new TriggerLane(OffsetTracker.restored(4, FinishedRanges.NONE), Optional.empty(), rules, said);
        var other = new TriggerLane(OffsetTracker.restored(4, FinishedRanges.NONE), Optional.empty(), rules, said);

        lane.take(TestingIntake.record(0, 4, null, new byte[100]));

        assertThat(lane.full()).isTrue();
        assertThat(lane.roomy()).isFalse();
        assertThat(other.full()).as("one that has nothing goes on").isFalse();
        other.take(TestingIntake.record(1, 4, null, new byte[1]));
        assertThat(other.full()).as("nor one that has less than its part").isFalse();
        other.take(TestingIntake.record(1, 5, null, new byte[50]));
        assertThat(other.full()).isTrue();

        lane.drop();

        assertThat(other.full()).isFalse();
    }

    @Test
    void suspectsThatAreLeftStaySo() {
        var lane = lane(intake, 4, said(4, 6, Map.of()));
        take(lane, 4, 7);

        lane.close();

        assertThat(said(lane.progress()).begun()).isGreaterThanOrEqualTo(6);
    }

    @Test
    void anAttemptThatCameToNoRunDoesNotCount() {
        var lane = lane(intake, 4, said(4, 6, Map.of()));
        take(lane, 4, 5);
        runNextAlone(lane);

        lane.close();

        assertThat(intake.taken(4).begin()).isFalse();
        assertThat(said(lane.progress()).attempts()).isEmpty();
        assertThat(said(lane.progress()).begun()).isEqualTo(6);
    }

    /** Owners die at any moment, and of one record always. */
    @Property(tries = 300)
    void nothingIsLostAndWhatKillsIsGivenUp(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int records,
            @ForAll @IntRange(max = 70) int killer) {
        var random = new Random(seed);
        var log = new Log(records, killer);
        for (int owner = 0; owner < 2_000 && !log.isDone(); owner++) {
            log.own(random);
        }

        assertThat(log.isDone()).isTrue();
        assertThat(log.settled).hasSize(records);
        assertThat(log.givenUp).isEqualTo(killer < records ? new TreeSet<>(List.of((long) killer)) : new TreeSet<>());
        // The first is not noted: nobody suspected it.
        assertThat(log.killed).isLessThanOrEqualTo(1 + MOST_ATTEMPTS);
    }

    /** A partition, and what is committed of it. */
    private static final class Log {
        private final int records;
        private final long killer;
        private OffsetAndMetadata commit = new OffsetAndMetadata(0, released(0));
        private final TreeSet<Long> settled = new TreeSet<>();
        private final TreeSet<Long> givenUp = new TreeSet<>();
        private int killed;

        Log(int records, int killer) {
            this.records = records;
            this.killer = killer;
        }

        boolean isDone() {
            return commit.offset() == records;
        }

        /** The life of one owner, which ends by death or, seldom, by a release. */
        void own(Random random) {
            var intake = new TestingIntake();
            var lane = lane(intake, commit.offset(), commit.metadata());
            var running = new ArrayList<TestingIntake.Accepted>();
            var next = commit.offset();
            var seen = 0;
            for (int step = 0; step < 40; step++) {
                if (next < records && !lane.full()) {
                    var last = Math.min(records - 1, next + random.nextInt(4));
                    lane.claim(last).ifPresent(claim -> commit(lane, claim));
                    for (; next <= last; next++) {
                        lane.take(TestingIntake.record(next));
                    }
                }
                lane.nextAlone().ifPresent(note -> {
                    commit(lane, note);
                    lane.runAlone();
                });
                for (; seen < intake.accepted.size(); seen++) {
                    var one = intake.accepted.get(seen);
                    if (one.taken().attempts() >= MOST_ATTEMPTS) {
                        one.taken().begin();
                        givenUp.add(one.offset());
                        settled.add(one.offset());
                        one.taken().finished();
                    } else if (one.taken().begin()) {
                        running.add(one);
                    }
                }
                if (!running.isEmpty()) {
                    var one = running.remove(random.nextInt(running.size()));
                    if (one.offset() == killer) {
                        killed++;
                        return;
                    }
                    settled.add(one.offset());
                    one.taken().finished();
                }
                if (random.nextInt(3) == 0) {
                    commit(lane, lane.progress());
                }
            }
            if (random.nextBoolean()) {
                lane.close();
                running.forEach(one -> {
                    if (one.offset() != killer) {
                        settled.add(one.offset());
                        one.taken().finished();
                    }
                });
                commit(lane, lane.progress());
            }
        }

        private void commit(TriggerLane lane, OffsetAndMetadata progress) {
            commit = progress;
            lane.committed(progress);
        }
    }
}
