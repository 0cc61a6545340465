package dev.photon.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Target;
import dev.photon.protocol.ViewPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the chaos run would notice. */
class LedgerTest {
    private final List<Call> calls = new ArrayList<>();
    private final Recorded.Log log = new Recorded.Log(new ArrayList<>(), new ArrayList<>());
    private final Outages outages = new Outages();

    @Test
    void balancesWhenEverybodyWasAnsweredOrTold() {
        outages.begin("ingress-1", Outages.Kind.DEAD);
        answered("a");
        heard("b", new Heard.Refusal(503, Optional.empty()));
        heard("c", new Heard.Refusal(504, Optional.of("id of c")));
        invoked("c");
        heard("d", new Heard.Break("reset"));
        invoked("d");
        replied("d", "d");

        assertThat(discrepancies()).isEmpty();
    }

    @Test
    void countsWhatRanTwice() {
        answered("a");
        replied("a", "a");

        assertThat(discrepancies()).isEmpty();
        assertThat(ledger().toString()).containsPattern("duplicates +1\n");
    }

    @Test
    void noticesARequestThatDidNotEnd() {
        answered("a");

        assertThat(new Ledger(2, calls, log, outages).discrepancies())
                .containsExactly("2 requests were sent, and 1 ended");
    }

    @Test
    void noticesAConnectionThatBrokeWithoutADeath() {
        heard("a", new Heard.Break("reset"));

        assertThat(discrepancies()).containsExactly("'a' at ingress-1: reset");
        assertThat(ledger().toString()).containsPattern("what does not balance +1\n");
    }

    @Test
    void noticesAConnectionThatBrokeWhileItsIngressWasFrozen() {
        outages.begin("ingress-1", Outages.Kind.FROZEN);
        heard("a", new Heard.Break("reset"));

        assertThat(discrepancies()).containsExactly("'a' at ingress-1: reset");
    }

    @Test
    void noticesARefusalForWhichOnlyAnotherRoleMayBeToBlame() {
        outages.begin("executor-1", Outages.Kind.DEAD);
        outages.begin("ingress-2", Outages.Kind.DEAD);
        heard("a", new Heard.Refusal(503, Optional.empty()));

        assertThat(discrepancies())
                .containsExactly("'a' at ingress-1: told 503 while its ingress and all brokers were there");
    }

    @Test
    void takesARefusalWhileABrokerIsAwayAndAMomentLater() {
        outages.begin("kafka-2", Outages.Kind.FROZEN);
        outages.end("kafka-2");
        heard("a", new Heard.Refusal(503, Optional.empty()));

        assertThat(discrepancies()).isEmpty();
    }

    @Test
    void noticesAClientThatWaitedForTooLong() {
        answered("a");
        var call = calls.removeFirst();
        calls.add(new Call("a", call.ingress(), call.sent(), call.sent() + 31_000_000_000L, call.heard()));

        assertThat(discrepancies()).containsExactly("'a' at ingress-1: told nothing for PT31S");
    }

    @Test
    void noticesAnAnswerToTheClientThatIsWrong() {
        heard("a", new Heard.Nonsense("200 b"));

        assertThat(discrepancies()).containsExactly("'a' at ingress-1: 200 b");
    }

    @Test
    void noticesAnAnswerOfWhichTheLogHasNoInvocation() {
        heard("a", new Heard.Answer("id of a", "1.0.0"));

        assertThat(discrepancies())
                .containsExactly("'a' at ingress-1: answered, and the log does not have the invocation");
    }

    @Test
    void noticesAnAnswerThatTheLogDoesNotHave() {
        heard("a", new Heard.Answer("id of a", "1.0.0"));
        invoked("a");
        log.replies().add(reply("a", new Reply.Failure(ErrorKind.UNAVAILABLE, "no")));

        assertThat(discrepancies()).containsExactly("'a' at ingress-1: answered, and the log does not have the answer");
    }

    @Test
    void noticesAWrongAnswerThatNoClientSaw() {
        answered("a");
        replied("a", "b");

        assertThat(discrepancies()).containsExactly("a wrong answer to 'a'");
    }

    @Test
    void noticesARequestThatWasAcceptedTwice() {
        answered("a");
        invoked("a");

        assertThat(discrepancies()).containsExactly("'a' was sent once, and accepted 2 times");
    }

    @Test
    void noticesWhatNobodySent() {
        invoked("a");
        replied("b", "b");

        assertThat(discrepancies())
                .containsExactly(
                        "'a' was accepted, and no client of it was told anything",
                        "a reply to id of b, which was no invocation");
    }

    @Test
    void noticesAnIdThatIsAnothers() {
        outages.begin("kafka-1", Outages.Kind.DEAD);
        answered("a");
        heard("b", new Heard.Refusal(504, Optional.of("id of a")));
        invoked("b");

        assertThat(discrepancies()).containsExactly("'b' at ingress-1: told the id of another invocation");
    }

    private void answered(String body) {
        heard(body, new Heard.Answer("id of " + body, "1.0.0"));
        invoked(body);
        replied(body, body);
    }

    private void heard(String body, Heard heard) {
        var now = System.nanoTime();
        calls.add(new Call(body, "ingress-1", now, now + 1, heard));
    }

    private void invoked(String body) {
        log.invocations()
                .add(new Invocation(
                        "id of " + body,
                        "/",
                        new Target.Resolved("echo", "1.0.0", Digest.of(new byte[0]), ViewPosition.of(0)),
                        Optional.empty(),
                        new ReplyTo.Nobody(),
                        new Invocation.HttpHead("POST", "", "", List.of()),
                        Optional.empty(),
                        body.getBytes(UTF_8)));
    }

    private void replied(String body, String answer) {
        log.replies().add(reply(body, new Reply.Answer(200, List.of(), answer.getBytes(UTF_8))));
    }

    private static Reply reply(String body, Reply.Outcome outcome) {
        return new Reply(
                "id of " + body,
                Optional.empty(),
                Optional.empty(),
                outcome,
                new Reply.Timing("executor", "default", 0, 0, 0));
    }

    private Ledger ledger() {
        return new Ledger(calls.size(), calls, log, outages);
    }

    private List<String> discrepancies() {
        return ledger().discrepancies();
    }
}
