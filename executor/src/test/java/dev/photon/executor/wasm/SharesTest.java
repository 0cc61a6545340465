package dev.photon.executor.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharesTest {
    private final List<String> ran = new ArrayList<>();

    @Test
    void letsAFunctionHoldNoMoreThreadsThanAreLeft() {
        var shares = new Shares(8);

        acquire(shares, "a", 6);

        assertThat(ran).containsExactly("a0", "a1", "a2", "a3");
    }

    @Test
    void leavesSomeForTheNextFunctionAndTheOneAfterThat() {
        var shares = new Shares(8);

        acquire(shares, "a", 8);
        acquire(shares, "b", 8);
        acquire(shares, "c", 8);

        assertThat(ran).containsExactly("a0", "a1", "a2", "a3", "b0", "b1", "c0");
    }

    @Test
    void neverRefusesAFunctionsFirstThread() {
        var shares = new Shares(1);

        acquire(shares, "a", 2);
        acquire(shares, "b", 2);

        assertThat(ran).containsExactly("a0", "b0");
    }

    @Test
    void letsWhatWaitsGoOnInItsOrderWhenThreadsAreGivenBack() {
        var shares = new Shares(4);
        acquire(shares, "a", 5);

        shares.release("a").forEach(Runnable::run);
        shares.release("a").forEach(Runnable::run);

        assertThat(ran).containsExactly("a0", "a1", "a2", "a3");
    }

    @Test
    void letsSeveralGoOnWhenOthersHaveGivenBackTheirs() {
        var shares = new Shares(6);
        acquire(shares, "b", 1);
        acquire(shares, "c", 1);
        acquire(shares, "a", 5);
        shares.release("b");
        shares.release("c");

        shares.release("a").forEach(Runnable::run);

        assertThat(ran).containsExactly("b0", "c0", "a0", "a1", "a2", "a3");
    }

    @Test
    void letsNoNewTaskGoBeforeOneThatWaits() {
        var shares = new Shares(6);
        acquire(shares, "b", 2);
        acquire(shares, "a", 3);
        shares.release("b");
        shares.release("b");

        shares.acquire("a", () -> ran.add("new")).ifPresent(Runnable::run);

        assertThat(ran).containsExactly("b0", "b1", "a0", "a1", "a2");
    }

    private void acquire(Shares shares, String function, int tasks) {
        for (int i = 0; i < tasks; i++) {
            var name = function + i;
            shares.acquire(function, () -> ran.add(name)).ifPresent(Runnable::run);
        }
    }
}
