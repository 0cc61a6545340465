package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.DURATION;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.executor.outbound.OutboundRequest;
import dev.photon.executor.outbound.OutboundResult;
import dev.photon.protocol.Header;
import dev.photon.registry.GuestModule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhotonFunctionTest {
    private static final int HEAD = 0;
    private static final int BODY = 1000;
    private static final int RESULT = 2000;
    private static final OutboundResult.Response ANSWER = new OutboundResult.Response(
            201, "https://a.example/", List.of(new Header("x", "1"), new Header("y", "2")), "created".getBytes(UTF_8));

    private static final OutboundResult.Response LARGE =
            new OutboundResult.Response(200, "https://a.example/", List.of(), new byte[100_000]);

    private final LinearMemory memory = new LinearMemory(new MemoryLimits(1, 1));
    private final TestingLog log = new TestingLog();
    private final List<OutboundRequest> sent = new ArrayList<>();

    private Guest guest(OutboundResult result) {
        return guest((request, timeout) -> {
            sent.add(request);
            return result;
        });
    }

    private Guest guest(OutboundCalls calls) {
        var limits = new RunLimits(10_000, 1, 1000, 20, 5, 0);
        return new Guest(new Run(GuestModule.Kind.COMMAND, TestingGuests.request(""), limits, log, calls));
    }

    private int fetch(Guest guest, String head, String body) {
        memory.writeString(HEAD, head);
        memory.writeString(BODY, body);
        return (int) PhotonFunction.FETCH.call(guest, memory, new long[] {HEAD, head.length(), BODY, body.length()});
    }

    private String head(Guest guest) {
        var length = (int) PhotonFunction.FETCH_HEAD.call(guest, memory, new long[] {RESULT, 1000});
        return memory.readString(RESULT, length);
    }

    private String body(Guest guest, int limit) {
        var length = (int) PhotonFunction.FETCH_BODY.call(guest, memory, new long[] {RESULT, limit});
        return memory.readString(RESULT, length);
    }

    @Test
    void sendsWhatTheGuestAsksFor() {
        var guest = guest(ANSWER);

        assertThat(fetch(guest, "POST https://a.example/u\na: 1\r\nb:2\n", "text"))
                .isEqualTo(201);

        assertThat(sent).hasSize(1);
        assertThat(sent.getFirst().method()).isEqualTo("POST");
        assertThat(sent.getFirst().url()).isEqualTo("https://a.example/u");
        assertThat(sent.getFirst().headers()).containsExactly(new Header("a", "1"), new Header("b", "2"));
        assertThat(sent.getFirst().body()).asString(UTF_8).isEqualTo("text");
    }

    @Test
    void givesTheAnswerInPieces() {
        var guest = guest(ANSWER);
        fetch(guest, "GET https://a.example/\n", "");

        assertThat(head(guest)).isEqualTo("x: 1\ny: 2\n");
        assertThat(body(guest, 4)).isEqualTo("crea");
        assertThat(body(guest, 1000)).isEqualTo("ted");
        assertThat(body(guest, 1000)).isEmpty();
    }

    @Test
    void writesNoHeadThatDoesNotFit() {
        var guest = guest(ANSWER);
        fetch(guest, "GET https://a.example/\n", "");
        memory.writeByte(RESULT, (byte) 7);

        assertThat(PhotonFunction.FETCH_HEAD.call(guest, memory, new long[] {RESULT, 9}))
                .isEqualTo(10);
        assertThat(memory.read(RESULT)).isEqualTo((byte) 7);
    }

    @ParameterizedTest
    @EnumSource
    void everyFailureIsANegativeNumberWithItsReason(OutboundResult.Kind kind) {
        var guest = guest(new OutboundResult.Failure(kind, "because"));

        assertThat(fetch(guest, "GET https://a.example/\n", "")).isBetween(-6, -1);
        assertThat(head(guest)).isEqualTo("because");
        assertThat(body(guest, 10)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET", "GET  https://a.example/", "GET https://a.example/ HTTP/1.1", "GET u\nno colon"})
    void refusesAHeadThatIsNone(String head) {
        assertThat(fetch(guest(ANSWER), head, "")).isEqualTo(-1);
        assertThat(sent).isEmpty();
    }

    @Test
    void refusesMoreThanItWouldHold() {
        assertThat(PhotonFunction.FETCH.call(guest(ANSWER), memory, new long[] {HEAD, 70_000, BODY, 0}))
                .isEqualTo(-5);
        assertThat(PhotonFunction.FETCH.call(guest(ANSWER), memory, new long[] {HEAD, 5, BODY, -1}))
                .isEqualTo(-5);
    }

    /** Of which events get to the sink. */
    private Guest guest(GuestModule.Kind kind, TestingEvents events) {
        var limits = new RunLimits(10_000, 1, 1000, 2000, 5, 0);
        var ways = new Run.Ways(OutboundCalls.NONE, LargeAnswer.NONE, events, true);
        return new Guest(new Run(kind, TestingGuests.request(""), limits, log, ways, new MemoryPool(Long.MAX_VALUE)));
    }

    /** In a process whose memory is full. */
    private Guest crowded(TestingEvents events) {
        var limits = new RunLimits(10_000, 1, 1000, 2000, 5, 0);
        var ways = new Run.Ways(
                (request, timeout) -> request.body().length == 1 ? ANSWER : LARGE, LargeAnswer.NONE, events, true);
        var request = TestingGuests.request("");
        return new Guest(new Run(GuestModule.Kind.COMMAND, request, limits, log, ways, new MemoryPool(0)));
    }

    private int emit(Guest guest, String head, String data) {
        memory.writeString(HEAD, head);
        memory.writeString(BODY, data);
        return (int) PhotonFunction.EMIT.call(guest, memory, new long[] {HEAD, head.length(), BODY, data.length()});
    }

    @Test
    void holdsAnEventUntilTheRunHasEndedWell() {
        var events = new TestingEvents();
        var guest = guest(GuestModule.Kind.COMMAND, events);

        assertThat(emit(guest, "orders\nce-type: placed\nkafka-key:k1\n", "data"))
                .isZero();

        assertThat(events.taken()).singleElement().satisfies(event -> {
            assertThat(event.topic()).isEqualTo("orders");
            assertThat(event.fields()).containsExactly(new Header("ce-type", "placed"), new Header("kafka-key", "k1"));
            assertThat(event.data()).asString(UTF_8).isEqualTo("data");
        });
        guest.run().emissions().end(400);
        assertThat(events.published()).isZero();
        guest.run().emissions().end(204);
        assertThat(events.published()).isEqualTo(1);
    }

    @Test
    void sendsAndPublishesLittleWhereMemoryIsFull() {
        var events = new TestingEvents();
        var guest = crowded(events);

        for (int i = 0; i < 3; i++) {
            assertThat(fetch(guest, "POST https://a.example/\n", "x")).isEqualTo(201);
            assertThat(emit(guest, "orders\n", "data")).isZero();
        }

        assertThat(events.taken()).hasSize(3);
    }

    @Test
    void sendsAndPublishesNothingLargeWhereMemoryIsFull() {
        var events = new TestingEvents();
        var guest = crowded(events);

        assertThat(fetch(guest, "POST https://a.example/\n", "xx")).isEqualTo(-5);
        assertThat(head(guest)).isEqualTo("there is no memory for the answer now");
        assertThat(fetch(guest, "POST https://a.example/\n", "x".repeat(40_000)))
                .isEqualTo(-5);
        assertThat(emit(guest, "orders\n", "x".repeat(40_000))).isEqualTo(-5);

        assertThat(events.taken()).isEmpty();
    }

    /** Whose objects are larger than what they hold. */
    @Test
    void countsWhatManySmallEventsTake() {
        var events = new TestingEvents();
        var guest = crowded(events);

        for (int i = 0; i < 100; i++) {
            emit(guest, "orders\nce-a:1\nce-b:1\n", "");
        }

        assertThat(events.taken()).hasSizeBetween(10, 50);
    }

    @ParameterizedTest
    @CsvSource({"MALFORMED, -1", "NOT_ALLOWED, -2", "TOO_LARGE, -5", "TOO_MANY, -6"})
    void everyRefusalIsANegativeNumberAndALineOfTheLog(EventSink.Refusal.Kind kind, int number) {
        var events = new TestingEvents().refusing(kind, "because");

        assertThat(emit(guest(GuestModule.Kind.COMMAND, events), "orders\n", ""))
                .isEqualTo(number);

        assertThat(log.lines()).containsExactly("WARN an event is not published: because");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders\nno colon", "orders\nCe-Type: a", "orders\nx-other: 1", "orders\nce-id: mine"})
    void refusesAnEventWhoseHeadIsNone(String head) {
        var events = new TestingEvents();

        assertThat(emit(guest(GuestModule.Kind.COMMAND, events), head, "")).isEqualTo(-1);

        assertThat(events.taken()).isEmpty();
    }

    /** Beyond the end of the memory, where nothing can be copied from. */
    @Test
    void refusesWhatIsTooLargeBeforeItIsCopied() {
        var guest = guest(GuestModule.Kind.COMMAND, new TestingEvents());

        assertThat(PhotonFunction.EMIT.call(guest, memory, new long[] {HEAD, 7, BODY, 1 << 20}))
                .isEqualTo(-5);
        assertThat(PhotonFunction.EMIT.call(guest, memory, new long[] {HEAD, 1 << 17, BODY, 0}))
                .isEqualTo(-5);
    }

    @Test
    void refusesEventsOfAnInstanceThatIsBeingInitialised() {
        var events = new TestingEvents();
        var guest = guest(GuestModule.Kind.HANDLER, events);

        assertThat(emit(guest, "orders\n", "")).isEqualTo(-2);
        guest.serve(guest.run());
        assertThat(emit(guest, "orders\n", "")).isZero();
    }

    @Test
    void anInterruptUnwindsTheGuest() {
        var guest = guest((request, timeout) -> {
            throw new InterruptedException();
        });

        assertThatThrownBy(() -> fetch(guest, "GET https://a.example/\n", ""))
                .isInstanceOf(ChicoryInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"-1, DEBUG", "0, INFO", "1, WARN", "2, ERROR"})
    void logsALineWithItsLevel(int level, String name) {
        memory.writeString(HEAD, "hello");

        PhotonFunction.LOG.call(guest(ANSWER), memory, new long[] {level, HEAD, 5});

        assertThat(log.lines()).containsExactly(name + " hello");
    }

    @Test
    void keepsNoMoreOfTheLogThanTheLimit() {
        var guest = guest(ANSWER);
        memory.writeString(HEAD, "123456789012345");

        PhotonFunction.LOG.call(guest, memory, new long[] {0, HEAD, 15});
        PhotonFunction.LOG.call(guest, memory, new long[] {0, HEAD, 15});
        PhotonFunction.LOG.call(guest, memory, new long[] {0, HEAD, Integer.MIN_VALUE});

        assertThat(log.lines()).containsExactly("INFO 123456789012345", "INFO 12345");
    }

    /** What is left then is the guest's, to say what went wrong. */
    @Test
    void aCallEndsBeforeTheRunDoes() {
        var timeouts = new ArrayList<Duration>();
        var guest = guest((request, timeout) -> {
            timeouts.add(timeout);
            return new OutboundResult.Failure(OutboundResult.Kind.TIMED_OUT, "late");
        });

        assertThat(fetch(guest, "GET https://a.example/\n", "")).isEqualTo(-4);

        assertThat(timeouts).singleElement(as(DURATION)).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void tellsTheTimeThatIsLeft() {
        assertThat(PhotonFunction.DEADLINE.call(guest(ANSWER), memory, new long[0]))
                .isBetween(1L, 10_000L);
    }
}
