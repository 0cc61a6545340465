package dev.photon.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.FinishedRanges;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OnceLaneTest {
    private final TestingIntake intake = new TestingIntake();
    private final TriggerLane.Rules rules = new TriggerLane.Rules(intake, 8, 3, new TakenBytes(100));
    private final OnceLane lane = lane();

    private OnceLane lane() {
        return new OnceLane(OffsetTracker.restored(4, FinishedRanges.NONE), Optional.empty(), rules, 17);
    }

    @BeforeEach
    void take() {
        assertThat(lane.claim(5)).isPresent();
        lane.take(TestingIntake.record(4));
        lane.take(TestingIntake.record(5));
    }

    @Test
    void aBatchIsCommittedBeforeAnyOfItRuns() {
        assertThat(lane.claim(6).orElseThrow().offset()).isEqualTo(7);
        assertThat(lane.progress().offset()).isEqualTo(6);
        assertThat(lane.unfinished()).isEqualTo(2);
    }

    @Test
    void whatWasClaimedRunsWhoeverHasThePartition() {
        lane.close();
        lane.drop();

        assertThat(intake.taken(4).begin()).isTrue();
        assertThat(intake.taken(4).hasNextOwner()).isFalse();
        assertThat(intake.taken(4).wanted()).isTrue();
    }

    @Test
    void whatFailedIsTriedAgainWhileThePartitionIsOurs() {
        assertThat(intake.taken(4).begin()).isTrue();
        intake.taken(4).waits(1);

        assertThat(intake.taken(4).begin()).isTrue();
    }

    @Test
    void whatFailedIsNotTriedAgainOnceThePartitionIsLetGo() {
        assertThat(intake.taken(4).begin()).isTrue();
        intake.taken(4).waits(1);

        lane.close();

        assertThat(intake.taken(4).begin()).isFalse();
        assertThat(lane.idle()).isFalse();
        intake.taken(4).finished();
        intake.taken(5).finished();
        assertThat(lane.idle()).isTrue();
    }

    /** Also of a partition that is another's now, until it has ended. */
    @Test
    void noMoreIsTakenWhileWhatIsTakenIsLarge() {
        var other = lane();
        lane.take(TestingIntake.record(0, 6, null, new byte[100]));
        other.take(TestingIntake.record(1, 4, null, new byte[50]));
        assertThat(lane.full()).isTrue();
        assertThat(other.full()).isTrue();
        assertThat(other.roomy()).isFalse();

        lane.drop();
        assertThat(other.full()).isTrue();
        intake.taken(6).finished();

        assertThat(other.full()).isFalse();
        assertThat(other.roomy()).isTrue();
    }

    @Test
    void whatFailedIsNotTriedAgainOnceThePartitionIsLost() {
        assertThat(intake.taken(4).begin()).isTrue();
        intake.taken(4).waits(1);

        lane.drop();

        assertThat(intake.taken(4).begin()).isFalse();
    }
}
