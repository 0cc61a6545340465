package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutstandingCallsTest {
    private static final long DEADLINE = Long.MIN_VALUE + 10;

    private final Admission admission = new Admission(10, 1);
    private final OutstandingCalls calls = new OutstandingCalls();

    private void add() {
        calls.add("id", admission.tryAdmit("function").orElseThrow(), DEADLINE);
        assertThat(admission.tryAdmit("function")).isEmpty();
    }

    @Test
    void aCallHoldsItsPermitUntilItHasEnded() {
        add();

        assertThat(calls.end("id")).isTrue();
        assertThat(calls.end("id")).isFalse();
        assertThat(admission.tryAdmit("function")).isPresent();
    }

    /** {@link System#nanoTime} may be anything. */
    @Test
    void aCallOfWhichNothingIsHeardHoldsItsPermitUntilItsDeadline() {
        add();

        calls.sweep(Long.MAX_VALUE - 10);
        assertThat(calls.size()).isEqualTo(1);
        calls.sweep(DEADLINE);

        assertThat(calls.size()).isZero();
        assertThat(admission.tryAdmit("function")).isPresent();
    }
}
