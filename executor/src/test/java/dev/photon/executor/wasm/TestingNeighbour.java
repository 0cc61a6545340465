package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.TestingGuests.LIMITS;
import static dev.photon.executor.wasm.TestingGuests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.registry.InvalidModule;
import java.util.ArrayList;
import java.util.List;

/** A light function that runs again and again beside a hostile one. Closing it says whether it was always right. */
final class TestingNeighbour implements AutoCloseable {
    private final TestingGuests guests;
    private final CompiledFunction echo;
    private final List<String> wrong = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;
    private int right;

    TestingNeighbour(TestingGuests guests) throws InvalidModule {
        this.guests = guests;
        echo = guests.compile("echo");
        call();
        thread = Thread.ofPlatform().start(() -> {
            while (!closed) {
                call();
            }
        });
    }

    private void call() {
        var body = "call " + right;
        var answer = TestingGuests.body(
                guests.run(echo, request(body), LIMITS, GuestLog.NONE).join());
        if (answer.equals(body)) {
            right++;
        } else {
            wrong.add(answer);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        call();
        assertThat(wrong).isEmpty();
        assertThat(right).isGreaterThan(1);
    }
}
