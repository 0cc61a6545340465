package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {
    @Test
    void commitsOnlyTheContiguousPrefix() {
        var tracker = begun(4, 5, 6);

        tracker.finish(6);
        assertThat(tracker.committable()).isEqualTo(4);
        tracker.finish(4);
        assertThat(tracker.committable()).isEqualTo(5);
        tracker.finish(5);
        assertThat(tracker.committable()).isEqualTo(7);
    }

    @Test
    void beginsWhereItWasRestored() {
        var tracker = OffsetTracker.restored(17, "");

        assertThat(tracker.committable()).isEqualTo(17);
        assertThat(tracker.metadata()).isEmpty();
    }

    @Test
    void tellsOffsetsThatCameBefore() {
        var tracker = begun(4, 7);

        assertThat(tracker.hasPassed(7)).isTrue();
        assertThat(tracker.hasPassed(8)).isFalse();
        assertThatThrownBy(() -> tracker.begin(7)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isNotStalledByGaps() {
        var tracker = begun(4, 90, 1_000_000);

        finish(tracker, 4, 90);
        assertThat(tracker.committable()).isEqualTo(1_000_000);
        tracker.finish(1_000_000);

        assertThat(tracker.committable()).isEqualTo(1_000_001);
    }

    @Test
    void movesOverWhatIsNoRecord() {
        var tracker = begun(4);
        tracker.finish(4);

        tracker.moveTo(7);

        assertThat(tracker.committable()).isEqualTo(7);
        assertThat(tracker.metadata()).isEmpty();
        assertThat(tracker.hasPassed(6)).isTrue();
        assertThat(tracker.begin(7)).isTrue();
    }

    @Test
    void movesOverNothingThatIsUnfinished() {
        var tracker = begun(4, 5);
        tracker.finish(5);

        tracker.moveTo(9);

        assertThat(tracker.committable()).isEqualTo(4);
        assertThat(begins(OffsetTracker.restored(4, tracker.metadata()), 4, 5, 8, 9))
                .containsExactly(4L, 9L);
    }

    @Test
    void neverMovesBack() {
        var tracker = begun(4, 5);
        finish(tracker, 4, 5);

        tracker.moveTo(2);

        assertThat(tracker.committable()).isEqualTo(6);
    }

    @Test
    void forgetsWhatWasFinishedBehindWhereItMovesTo() {
        var before = begun(4, 5, 6, 7);
        finish(before, 5, 7);
        var tracker = OffsetTracker.restored(before.committable(), before.metadata());
        tracker.begin(4);

        tracker.moveTo(7);
        tracker.finish(4);

        assertThat(tracker.committable()).isEqualTo(7);
        assertThat(begins(tracker, 7, 8)).containsExactly(8L);
    }

    @Test
    void ignoresAFinishThatIsNotDue() {
        var tracker = begun(4, 5);

        finish(tracker, 5, 5, 99, -1);

        assertThat(tracker.committable()).isEqualTo(4);
        assertThat(tracker.unfinished()).isEqualTo(1);
    }

    @Test
    void refusesAnOffsetThatGoesBack() {
        var tracker = begun(4, 5);

        assertThatThrownBy(() -> tracker.begin(5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keepsWhatItWasToldUntilItHasPassedIt() {
        var tracker = begun(4, 5, 6, 7);
        finish(tracker, 5, 7);
        var next = OffsetTracker.restored(tracker.committable(), tracker.metadata());

        assertThat(next.begin(4)).isTrue();
        var third = OffsetTracker.restored(next.committable(), next.metadata());

        assertThat(begins(third, 4, 5, 6, 7, 8)).containsExactly(4L, 6L, 8L);
    }

    @Property
    void committableFollowsTheFirstUnfinished(@ForAll @From("gaps") List<Integer> gaps, @ForAll Random random) {
        var offsets = offsets(gaps);
        var tracker = begun(offsets);
        var open = new TreeSet<>(offsets);
        var order = new ArrayList<>(offsets);
        Collections.shuffle(order, random);

        for (var offset : order) {
            tracker.finish(offset);
            open.remove(offset);
            assertThat(tracker.committable()).isEqualTo(open.isEmpty() ? offsets.getLast() + 1 : open.first());
            assertThat(tracker.unfinished()).isEqualTo(open.size());
        }
        assertThat(tracker.metadata()).isEmpty();
    }

    @Property
    void theNextOwnerRunsExactlyWhatIsUnfinished(
            @ForAll @From("gaps") List<Integer> gaps, @ForAll Random random, @ForAll byte garbage) {
        var offsets = offsets(gaps);
        var tracker = begun(offsets);
        var finished = finishSome(tracker, offsets, random);

        var next = OffsetTracker.restored(tracker.committable(), tracker.metadata());

        var from = tracker.committable();
        var expected = offsets.stream()
                .filter(offset -> offset >= from && !finished.contains(offset))
                .toList();
        var again = offsets.stream().filter(offset -> offset >= from).toList();
        assertThat(begins(next, again)).isEqualTo(expected);
        expected.forEach(next::finish);
        assertThat(next.committable())
                .isEqualTo(tracker.committable() == offsets.getLast() + 1 ? from : offsets.getLast() + 1);
        assertThat(next.begin(offsets.getLast() + 1 + (garbage & 0xFF))).isTrue();
    }

    @Property
    void noUnfinishedOffsetIsLostOverManyOwners(@ForAll @From("gaps") List<Integer> gaps, @ForAll Random random) {
        var offsets = offsets(gaps);
        var finished = new HashSet<Long>();
        var tracker = OffsetTracker.restored(0, "");
        for (int owner = 0; owner < 5; owner++) {
            var from = tracker.committable();
            // An owner may die before it has seen all of what the one before had.
            var seen = offsets.stream()
                    .filter(offset -> offset >= from)
                    .limit(1 + random.nextInt(offsets.size()))
                    .toList();
            var begun = begins(tracker, seen);
            assertThat(begun)
                    .isEqualTo(seen.stream()
                            .filter(offset -> !finished.contains(offset))
                            .toList());
            for (var offset : begun) {
                if (random.nextBoolean()) {
                    tracker.finish(offset);
                    finished.add(offset);
                }
            }
            tracker = OffsetTracker.restored(tracker.committable(), tracker.metadata());
        }
    }

    @Property(tries = 20)
    void metadataThatIsCutOffLosesNoUnfinishedOffset(@ForAll Random random) {
        var offsets = new ArrayList<Long>();
        for (long i = 0; i < 6_000; i++) {
            offsets.add(i);
        }
        var tracker = begun(offsets);
        var finished = finishSome(tracker, offsets, random);

        var metadata = tracker.metadata();
        var next = OffsetTracker.restored(tracker.committable(), metadata);

        assertThat(metadata.length()).isLessThanOrEqualTo(4096);
        var from = tracker.committable();
        var again = offsets.stream().filter(offset -> offset >= from).toList();
        assertThat(begins(next, again))
                .containsAll(again.stream()
                        .filter(offset -> !finished.contains(offset))
                        .toList());
    }

    @Property
    void garbageSkipsNothingWithoutAVersion(@ForAll String garbage) {
        var tracker = OffsetTracker.restored(3, "?" + garbage);

        assertThat(begins(tracker, 3, 4, 5)).containsExactly(3L, 4L, 5L);
    }

    @Test
    void staysRightWhenOthersFinish() throws Exception {
        var tracker = OffsetTracker.restored(0, "");
        try (var callbacks = Executors.newFixedThreadPool(4)) {
            var last = 0L;
            for (long offset = 0; offset < 100_000; offset++) {
                var mine = offset;
                tracker.begin(mine);
                callbacks.execute(() -> tracker.finish(mine));
                var committable = tracker.committable();
                assertThat(committable).isBetween(last, mine + 1);
                last = committable;
            }
            callbacks.shutdown();
            assertThat(callbacks.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(tracker.committable()).isEqualTo(100_000);
    }

    @Provide
    Arbitrary<List<Integer>> gaps() {
        return Arbitraries.frequencyOf(
                        Tuple.of(4, Arbitraries.just(0)),
                        Tuple.of(1, Arbitraries.integers().between(1, 1_000)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(100);
    }

    private static List<Long> offsets(List<Integer> gaps) {
        var offsets = new ArrayList<Long>();
        var next = 0L;
        for (var gap : gaps) {
            offsets.add(next + gap);
            next += gap + 1;
        }
        return offsets;
    }

    private static OffsetTracker begun(long... offsets) {
        var tracker = OffsetTracker.restored(offsets[0], "");
        for (var offset : offsets) {
            tracker.begin(offset);
        }
        return tracker;
    }

    private static OffsetTracker begun(List<Long> offsets) {
        return begun(offsets.stream().mapToLong(Long::longValue).toArray());
    }

    private static void finish(OffsetTracker tracker, long... offsets) {
        for (var offset : offsets) {
            tracker.finish(offset);
        }
    }

    private static Set<Long> finishSome(OffsetTracker tracker, List<Long> offsets, Random random) {
        var finished = new HashSet<Long>();
        for (var offset : offsets) {
            if (random.nextBoolean()) {
                tracker.finish(offset);
                finished.add(offset);
            }
        }
        return finished;
    }

    /** Which of them are to be run. */
    private static List<Long> begins(OffsetTracker tracker, List<Long> offsets) {
        return offsets.stream().filter(tracker::begin).toList();
    }

    private static List<Long> begins(OffsetTracker tracker, long... offsets) {
        return begins(tracker, Arrays.stream(offsets).boxed().toList());
    }
}
