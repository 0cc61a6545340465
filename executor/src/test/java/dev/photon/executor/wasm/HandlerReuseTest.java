package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.TestingGuests.LIMITS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instances that serve one request after the other. */
class HandlerReuseTest {
    private static final RunLimits SHORT = TestingGuests.limits(50, 64, 1000);

    private final TestingGuests guests = new TestingGuests();
    private CompiledFunction counter;

    @BeforeEach
    void compile() throws Exception {
        counter = guests.compile("handler-counter");
    }

    @AfterEach
    void close() {
        guests.close();
    }

    private static GuestRequest request(String order, String version, Map<String, String> env, boolean reuse) {
        return request("name", order, version, env, reuse);
    }

    private static GuestRequest request(
            String name, String order, String version, Map<String, String> env, boolean reuse) {
        var head = new Invocation.HttpHead("POST", "", "", List.of());
        return new GuestRequest(head, order.getBytes(UTF_8), env, name, version, "id", reuse);
    }

    private static GuestRequest request(String order) {
        return request(order, "1.0.0", Map.of(), true);
    }

    private Reply.Outcome run(GuestRequest request, RunLimits limits) {
        return guests.run(counter, request, limits, GuestLog.NONE).join();
    }

    /** How many requests the instance that served this one has seen. */
    private int count(GuestRequest request) {
        return count(run(request, LIMITS));
    }

    private static int count(Reply.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Reply.Answer.class);
        var body = ((Reply.Answer) outcome).body();
        return ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    @Test
    void anInstanceServesOneRequestAfterTheOther() {
        assertThat(List.of(count(request("")), count(request("")), count(request(""))))
                .containsExactly(1, 2, 3);
    }

    @Test
    void withoutReuseEachRequestHasAFreshInstance() {
        var alone = request("", "1.0.0", Map.of(), false);

        assertThat(List.of(count(request("")), count(alone), count(alone), count(request(""))))
                .containsExactly(1, 1, 1, 2);
    }

    @Test
    void functionsAndVersionsAndSettingsDoNotShareInstances() {
        count(request(""));

        assertThat(count(request("other", "", "1.0.0", Map.of(), true))).isEqualTo(1);
        assertThat(count(request("", "2.0.0", Map.of(), true))).isEqualTo(1);
        assertThat(count(request("", "1.0.0", Map.of("A", "1"), true))).isEqualTo(1);
        assertThat(count(run(request(""), TestingGuests.limits(5_000, 32, 1000))))
                .isEqualTo(1);
        assertThat(count(request(""))).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"t, FUNCTION_FAILED", "x, FUNCTION_FAILED", "l, TIMEOUT"})
    void anInstanceThatDidNotEndWellIsDiscarded(String order, ErrorKind kind) {
        count(request(""));

        var outcome = run(request(order), SHORT);

        assertThat(outcome).extracting("kind").isEqualTo(kind);
        assertThat(count(request(""))).isEqualTo(1);
    }

    @Test
    void aRunThatFailedDoesNotHurtTheNext() {
        for (int i = 0; i < 5; i++) {
            run(request("t"), LIMITS);
            run(request("l"), TestingGuests.limits(5, 64, 1000));
        }

        assertThat(count(request(""))).isEqualTo(1);
        assertThat(count(request(""))).isEqualTo(2);
    }

    @Test
    void anInterruptedInstanceIsDiscarded() throws Exception {
        count(request(""));
        var thread = Thread.ofPlatform().start(() -> {
            Thread.currentThread().interrupt();
            counter.run(request("l"), LIMITS, GuestLog.NONE);
        });
        thread.join();

        assertThat(count(request(""))).isEqualTo(1);
    }

    @Test
    void anInstanceServesOneRequestAtATime() {
        var counts = new ArrayList<Integer>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            var runs = new ArrayList<CompletableFuture<Reply.Outcome>>();
            for (int i = 0; i < 2_000; i++) {
                runs.add(CompletableFuture.supplyAsync(() -> counter.run(request(""), LIMITS, GuestLog.NONE), threads));
            }
            runs.forEach(run -> counts.add(count(run.join())));
        }

        // Each instance counts from 1 without a gap, and there were at most as many as threads.
        var instances = counts.stream().filter(count -> count == 1).count();
        assertThat(instances).isBetween(1L, 8L);
        assertThat(counts.stream().mapToInt(count -> count).max().orElseThrow()).isGreaterThanOrEqualTo(2_000 / 8);
    }

    @Test
    void aCommandThatIsAHandlerIsInitialisedByItsStart() throws Exception {
        var both = guests.compile("handler-start");
        var failing = request("", "1.0.0", Map.of("A", "1"), true);

        assertThat(guests.run(both, request(""), LIMITS, GuestLog.NONE).join())
                .extracting("status")
                .isEqualTo(201);
        assertThat(guests.run(both, failing, LIMITS, GuestLog.NONE).join())
                .isEqualTo(new Reply.Failure(ErrorKind.FUNCTION_FAILED, "the function exited with code 1"));
    }
}
