package dev.photon.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimeLineTest {
    private static final long BEGAN = 1_000;

    private final List<Call> calls = new ArrayList<>();
    private final List<Outages.Outage> outages = new ArrayList<>();

    @Test
    void countsInEachRowWhatWasSentThen() {
        for (int millis = 1; millis <= 20; millis++) {
            sent(0, millis, new Heard.Answer("id", "1.0.0"));
        }
        sent(4_999, 9_000, new Heard.Refusal(503, Optional.empty()));
        sent(4_999, 9_000, new Heard.Refusal(504, Optional.empty()));
        sent(5_000, 700, new Heard.Answer("id", "1.0.0"));
        sent(15_000, 1, new Heard.Break("reset"));

        assertThat(rows())
                .containsExactly(
                        "0-5 22 20 2 0 10 19", "5-10 1 1 0 0 700 700", "10-15 0 0 0 0 - -", "15-20 1 0 0 1 - -");
    }

    @Test
    void namesInEachRowWhoWasAwayThen() {
        sent(0, 1, new Heard.Answer("id", "1.0.0"));
        sent(11_000, 1, new Heard.Answer("id", "1.0.0"));
        outages.add(new Outages.Outage("kafka-1", Outages.Kind.FROZEN, at(1_000), at(5_000)));
        outages.add(new Outages.Outage("ingress-2", Outages.Kind.DEAD, at(9_999), at(10_500)));

        assertThat(rows())
                .containsExactly(
                        "0-5 1 1 0 0 1 1 kafka-1 frozen",
                        "5-10 0 0 0 0 - - kafka-1 frozen, ingress-2 dead",
                        "10-15 1 1 0 0 1 1 ingress-2 dead");
    }

    @Test
    void hasNoRowWhenNothingWasSent() {
        assertThat(rows()).isEmpty();
    }

    private void sent(long millis, long took, Heard heard) {
        calls.add(new Call("body", "ingress-1", at(millis), at(millis + took), heard));
    }

    private static long at(long millis) {
        return BEGAN + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** Without the head, and the blanks that make columns. */
    private List<String> rows() {
        return new TimeLine(calls, outages)
                .toString()
                .lines()
                .skip(1)
                .map(row -> row.strip().replaceAll(" +", " "))
                .toList();
    }
}
