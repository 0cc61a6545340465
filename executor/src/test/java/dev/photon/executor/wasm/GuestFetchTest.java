package dev.photon.executor.wasm;

import static dev.photon.executor.wasm.TestingGuests.LIMITS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.executor.outbound.OutboundRequest;
import dev.photon.executor.outbound.OutboundResult;
import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Guests of other sorts than the examples that call other services. */
class GuestFetchTest {
    private final TestingGuests guests = new TestingGuests();
    private final TestingLog log = new TestingLog();
    private final List<OutboundRequest> sent = new ArrayList<>();

    @AfterEach
    void close() {
        guests.close();
    }

    private Reply.Outcome run(String guest, String body, OutboundResult result) throws Exception {
        OutboundCalls calls = (request, timeout) -> {
            sent.add(request);
            return result;
        };
        return guests.compile(guest).run(TestingGuests.request(body), LIMITS, log, calls);
    }

    private static OutboundResult answer(int status, String body) {
        return new OutboundResult.Response(
                status, "https://a.example/", List.of(new Header("y", "2")), body.getBytes(UTF_8));
    }

    @Test
    void aProgramInRustCallsByTheBindingsOfTheExamples() throws Exception {
        var outcome = run("relay", "https://a.example/u", answer(201, "created"));

        assertThat(TestingGuests.body(outcome)).isEqualTo("201 y: 2\ncreated true");
        assertThat(log.lines()).containsExactly("WARN relaying");
        assertThat(sent).singleElement().satisfies(request -> {
            assertThat(request.method() + " " + request.url()).isEqualTo("PUT https://a.example/u");
            assertThat(request.headers()).containsExactly(new Header("x-a", "1"), new Header("x-b", "2"));
            assertThat(request.body()).asString(UTF_8).isEqualTo("from Rust");
        });
    }

    @Test
    void aProgramInRustLearnsWhyThereIsNoAnswer() throws Exception {
        var outcome = run(
                "relay",
                "https://a.example/u",
                new OutboundResult.Failure(OutboundResult.Kind.NOT_ALLOWED, "not on the list"));

        assertThat(TestingGuests.body(outcome)).isEqualTo("no answer: not on the list true");
    }

    @Test
    void aHandlerPassesOnWhatAServiceAnswers() throws Exception {
        var outcome = run("handler-fetch", "GET https://a.example/\n", answer(404, "in several pieces"));

        assertThat(outcome).extracting("status").isEqualTo(404);
        assertThat(TestingGuests.body(outcome)).isEqualTo("in several pieces");
    }

    @Test
    void aHandlerLearnsWhyThereIsNoAnswer() throws Exception {
        var outcome = run("handler-fetch", "GET\n", answer(200, ""));

        assertThat(outcome).extracting("status").isEqualTo(599);
        assertThat(TestingGuests.body(outcome)).contains("the head is not");
        assertThat(sent).isEmpty();
    }
}
