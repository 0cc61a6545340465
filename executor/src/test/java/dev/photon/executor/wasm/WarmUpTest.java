package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.TestingGuests.LIMITS;
import static dev.photon.executor.wasm.TestingGuests.limits;
import static dev.photon.executor.wasm.TestingGuests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Reply;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static final int PAGE = 64 << 10;

    private TestingGuests guests = new TestingGuests();

    @AfterEach
    void close() {
        guests.close();
    }

    private static int waiting(LoadedFunction function) {
        return function.warmInstances("name", "1.2.3");
    }

    private static GuestRequest ofVersion(String version) {
        var any = request("");
        return new GuestRequest(any.http(), any.body(), Map.of(), any.function(), version, "id", true);
    }

    @Test
    void makesAsManyInstancesAsAreMissing() throws Exception {
        var function = guests.compile("handler-counter");

        assertThat(function.warmUp(request(""), LIMITS, GuestLog.NONE, 3)).isTrue();
        assertThat(waiting(function)).isEqualTo(3);

        function.warmUp(request(""), LIMITS, GuestLog.NONE, 3);
        assertThat(waiting(function)).isEqualTo(3);
        assertThat(guests.run(function, request("a"), LIMITS, GuestLog.NONE).join())
                .isInstanceOf(Reply.Answer.class);
    }

    @Test
    void aCommandHasNoInstanceToKeep() throws Exception {
        var function = guests.compile("echo");

        assertThat(function.warmUp(request(""), LIMITS, GuestLog.NONE, 3)).isTrue();

        assertThat(waiting(function)).isZero();
    }

    @Test
    void saysThatAnInitialisationDoesNotEnd() throws Exception {
        var function = guests.compile("handler-initialize-loop");

        assertThat(function.warmUp(request(""), limits(50, 64, 1 << 20), GuestLog.NONE, 64))
                .isFalse();
        assertThat(waiting(function)).isZero();
    }

    @Test
    void keepsNoMoreOfAllVersionsThanThePoolHolds() throws Exception {
        var function = guests.compile("handler-counter");

        function.warmUp(ofVersion("1.0.0"), LIMITS, GuestLog.NONE, 40);
        function.warmUp(ofVersion("2.0.0"), LIMITS, GuestLog.NONE, 40);

        assertThat(function.warmInstances("name", "1.0.0")).isEqualTo(40);
        assertThat(function.warmInstances("name", "2.0.0")).isEqualTo(24);
    }

    @Test
    void leavesRoomForOthers() throws Exception {
        guests.close();
        guests = new TestingGuests(16L * PAGE);
        var function = guests.compile("handler-counter");

        assertThat(function.warmUp(request(""), LIMITS, GuestLog.NONE, 64)).isTrue();

        assertThat(guests.freeMemoryBytes()).isGreaterThanOrEqualTo(4L * PAGE);
        assertThat(waiting(function)).isPositive();
    }

    @Test
    void keepsNothingOnceItRests() throws Exception {
        var function = guests.compile("handler-counter");
        function.warmUp(request(""), LIMITS, GuestLog.NONE, 3);

        function.rest();

        assertThat(waiting(function)).isZero();
    }
}
