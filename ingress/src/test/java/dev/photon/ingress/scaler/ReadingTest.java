package dev.photon.ingress.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.FinishedRanges;
import dev.photon.protocol.FinishedRanges.Range;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadingTest {
    private static final Consumed OURS = Consumed.ours("photon.invocations", "default");

    @ParameterizedTest
    @CsvSource({
        // start, end, commit, unfinished
        "0, 0, 0, 0",
        "0, 9, 9, 0",
        "0, 9, 4, 5",
        // Nothing was committed yet: executors begin at the start.
        "0, 0, , 0",
        "3, 9, , 6",
        "9, 9, , 0",
        // What is deleted will not run.
        "7, 9, 4, 2",
        "9, 9, 4, 0",
        // The topic was made anew.
        "0, 5, 100, 5",
        "0, 0, 100, 0",
    })
    void countsWhatExecutorsHaveStillToDo(long start, long end, Long commit, long unfinished) {
        var done = OURS.progress().of(0, Optional.ofNullable(commit).map(OffsetAndMetadata::new));

        assertThat(Reading.unfinished(start, end, done)).isEqualTo(unfinished);
    }

    @Test
    void doesNotCountWhatWasFinishedBehindASlowCall() {
        // 10 runs still, 11 to 15 are finished, 16 runs, 17 to 18 are finished, 19 waits.
        var commit = commit(10, new Range(11, 16), new Range(17, 19));

        assertThat(Reading.unfinished(0, 20, commit)).isEqualTo(3);
        assertThat(Reading.unfinished(13, 20, commit)).isEqualTo(2);
    }

    @Test
    void takesCommitsOfStrangersAsTheyAre() {
        var commit = OURS.progress().of(0, Optional.of(new OffsetAndMetadata(10, "1:not.ours")));

        assertThat(Reading.unfinished(0, 20, commit)).isEqualTo(10);
        // Further than the end: never less than nothing.
        assertThat(Reading.unfinished(0, 20, commit(10, new Range(11, 1_000)))).isEqualTo(1);
    }

    private static Optional<Consumed.Done> commit(long offset, Range... finished) {
        var metadata = new FinishedRanges(List.of(finished)).encode(offset);
        return OURS.progress().of(0, Optional.of(new OffsetAndMetadata(offset, metadata)));
    }
}
