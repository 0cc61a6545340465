package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    /** How many hold a permit now, and the most that ever did. */
    private static final class Held {
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        void enter() {
            var reached = now.incrementAndGet();
            most.accumulateAndGet(reached, Math::max);
        }

        void leave() {
            now.decrementAndGet();
        }
    }

    @Test
    void admitsUpToTheLimitOverAll() {
        var admission = new Admission(2, 2);

        assertThat(admission.tryAdmit("a")).isPresent();
        assertThat(admission.tryAdmit("b")).isPresent();
        assertThat(admission.tryAdmit("c")).isEmpty();
        assertThat(admission.inFlight()).isEqualTo(2);
    }

    @Test
    void admitsUpToTheLimitOfEachFunction() {
        var admission = new Admission(10, 1);

        assertThat(admission.tryAdmit("a")).isPresent();
        assertThat(admission.tryAdmit("a")).isEmpty();
        assertThat(admission.tryAdmit("b")).isPresent();
        assertThat(admission.inFlight()).isEqualTo(2);
    }

    @Test
    void aPermitGivenBackCanBeHadAgain() {
        var admission = new Admission(1, 1);

        admission.tryAdmit("a").orElseThrow().close();

        assertThat(admission.tryAdmit("a")).isPresent();
    }

    @Test
    void aPermitIsGivenBackOnceHoweverOftenItIsClosed() {
        var admission = new Admission(2, 2);
        var first = admission.tryAdmit("a").orElseThrow();
        assertThat(admission.tryAdmit("a")).isPresent();

        first.close();
        first.close();

        assertThat(admission.inFlight()).isEqualTo(1);
        assertThat(admission.tryAdmit("a")).isPresent();
        assertThat(admission.tryAdmit("a")).isEmpty();
    }

    @Test
    void aRefusalTakesNothing() {
        var admission = new Admission(10, 1);
        var only = admission.tryAdmit("a").orElseThrow();
        for (int i = 0; i < 100; i++) {
            assertThat(admission.tryAdmit("a")).isEmpty();
        }

        only.close();

        assertThat(admission.inFlight()).isZero();
    }

    @Test
    void neverExceedsALimitAndReturnsToZeroHoweverManyThreadsCome() throws Exception {
        var limit = 5;
        var perFunction = 3;
        var admission = new Admission(limit, perFunction);
        var held = new Held();
        var functions = Map.of("a", new Held(), "b", new Held());
        var callers = new ArrayList<Callable<Void>>();
        for (int i = 0; i < 8; i++) {
            var function = i % 2 == 0 ? "a" : "b";
            callers.add(() -> {
                for (int call = 0; call < 20_000; call++) {
                    admission.tryAdmit(function).ifPresent(permit -> {
                        held.enter();
                        functions.get(function).enter();
                        functions.get(function).leave();
                        held.leave();
                        permit.close();
                        permit.close();
                    });
                }
                return null;
            });
        }

        try (var threads = Executors.newFixedThreadPool(callers.size())) {
            for (var done : threads.invokeAll(callers)) {
                done.get();
            }
        }

        assertThat(held.most).hasPositiveValue().hasValueLessThanOrEqualTo(limit);
        assertThat(functions.values())
                .allSatisfy(ofFunction -> assertThat(ofFunction.most).hasValueLessThanOrEqualTo(perFunction));
        assertThat(admission.inFlight()).isZero();
        for (int i = 0; i < perFunction; i++) {
            assertThat(admission.tryAdmit("a")).isPresent();
        }
        assertThat(admission.tryAdmit("a")).isEmpty();
    }
}
