package dev.photon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LivenessTest {

    @Test
    void aProcessIsNotLiveWithoutAThreadThatAnErrorEnded() throws InterruptedException {
        run("ended-by-an-error", () -> {
            throw new StackOverflowError("for the test");
        });

        assertThat(Liveness.stuck()).contains("ended-by-an-error");
    }

    @Test
    void aThreadMayEndByItself() throws InterruptedException {
        run("ended-by-itself", () -> {});

        assertThat(Liveness.stuck()).doesNotContain("ended-by-itself");
    }

    private static void run(String name, Runnable body) throws InterruptedException {
        var thread = Thread.ofPlatform()
                .name(name)
                .uncaughtExceptionHandler((ended, error) -> {})
                .start(Liveness.needed(body));
        thread.join();
    }
}
