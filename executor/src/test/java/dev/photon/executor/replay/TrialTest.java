package dev.photon.executor.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.executor.outbound.OutboundRequest;
import dev.photon.protocol.Deadline;
import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationCodec;
import dev.photon.protocol.LogLevel;
import dev.photon.protocol.Pieces;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Target;
import dev.photon.protocol.ViewPosition;
import dev.photon.registry.Manifest;
import dev.photon.registry.Placement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;

class TrialTest {
    private static final String OLD = "1.0.0";
    private static final String NEW = "2.0.0";

    /** What a version does. */
    private interface Version {
        Reply.Outcome run(Runs.Ways ways) throws InterruptedException;
    }

    private static Version answering(String body, Header... headers) {
        return ways -> new Reply.Answer(200, List.of(headers), body.getBytes(UTF_8));
    }

    private static Version failing(String message) {
        return ways -> new Reply.Failure(ErrorKind.FUNCTION_FAILED, message);
    }

    /** What is read of the body that lies apart from its record. */
    private interface Bodies {
        Optional<Runs.Body> read() throws Runs.Unread;
    }

    private static Trial trial(Map<String, Version> versions) {
        return trial(versions, new RecordSource.OfTrigger("f", "orders"), Optional::empty);
    }

    private static Trial trial(Map<String, Version> versions, RecordSource records, Bodies bodies) {
        var runs = new Runs() {
            @Override
            public Reply.Outcome run(Manifest manifest, Invocation invocation, Ways ways) throws InterruptedException {
                return versions.get(manifest.version()).run(ways);
            }

            @Override
            public Optional<Body> body(Invocation invocation, Pieces place) throws Unread {
                return bodies.read();
            }

            @Override
            public long hold(ConsumerRecord<byte[], byte[]> source, long more) {
                return 0;
            }

            @Override
            public void release(long bytes) {}

            @Override
            public boolean isFull() {
                return false;
            }
        };
        var baseline = Optional.ofNullable(versions.get(OLD)).map(there -> manifest(OLD));
        return new Trial(records, new Versions(manifest(NEW), invocation -> baseline), runs, true);
    }

    private static Finding.Ran ran(Version old, Version candidate) throws InterruptedException {
        return (Finding.Ran) trial(Map.of(OLD, old, NEW, candidate)).of(source());
    }

    private static ConsumerRecord<byte[], byte[]> source() {
        return new ConsumerRecord<>("orders", 0, 7, null, "an order".getBytes(UTF_8));
    }

    private static Manifest manifest(String version) {
        return new Manifest(
                "f",
                version,
                "",
                "",
                Digest.of(version.getBytes(UTF_8)),
                1,
                0,
                Map.of(),
                Map.of(),
                Manifest.Limits.DEFAULT,
                Manifest.Outbound.NONE,
                true,
                Manifest.Scaling.DEFAULT,
                Placement.EVERYWHERE,
                "",
                List.of(),
                List.of(),
                Optional.empty(),
                Manifest.Auth.PUBLIC,
                new Manifest.Logs(true, LogLevel.INFO),
                new Manifest.Chunks(0, 0, 0, 1),
                Optional.empty());
    }

    @Test
    void theSameAnswerIsTheSameWhateverTheOrderOfItsFields() throws Exception {
        var one = new Header("a", "1");
        var other = new Header("b", "2");

        var found = ran(answering("x", one, other), answering("x", other, one));

        assertThat(found.kind()).isEqualTo(Finding.Kind.SAME);
        assertThat(found.output()).isPresent();
    }

    @Test
    void tellsInWhatAnswersDiffer() throws Exception {
        assertThat(ran(answering("x"), answering("y")).differences()).containsExactly("body");
        assertThat(ran(answering("x"), answering("x", new Header("a", "1"))).differences())
                .containsExactly("headers");
        assertThat(ran(answering("x"), failing("it trapped")).differences()).containsExactly("error");
        assertThat(ran(failing("it trapped"), failing("it trapped elsewhere")).differences())
                .containsExactly("error");
        assertThat(ran(answering("x"), ways -> new Reply.Answer(404, List.of(), "x".getBytes(UTF_8)))
                        .differences())
                .containsExactly("status");
        assertThat(ran(failing("it trapped"), failing("it trapped")).kind()).isEqualTo(Finding.Kind.SAME);
    }

    @Test
    void whatDiffersByChanceIsNoDifference() throws Exception {
        var runs = new AtomicInteger();

        var found = ran(
                answering("x"),
                ways -> new Reply.Answer(
                        200, List.of(), Integer.toString(runs.incrementAndGet()).getBytes(UTF_8)));

        assertThat(found.kind()).isEqualTo(Finding.Kind.UNSTABLE);
        assertThat(runs).hasValue(2);
    }

    @Test
    void callsToOthersAreRefusedAndCountedAndNotCompared() throws Exception {
        var request = new OutboundRequest(
                "POST", "https://bank.example/pay", List.of(), new byte[0], OutboundRequest.Redirects.FOLLOW);

        var found = ran(answering("x"), ways -> {
            assertThat(ways.calls().send(request, Duration.ofSeconds(1)).toString())
                    .contains("a replay calls nobody");
            return new Reply.Answer(200, List.of(), "unpaid".getBytes(UTF_8));
        });

        assertThat(found.kind()).isEqualTo(Finding.Kind.CALLED);
        assertThat(found.candidate().effects().calls()).isEqualTo(1);
        assertThat(found.baseline().effects().calls()).isZero();
    }

    @Test
    void eventsAreComparedAndGoNowhere() throws Exception {
        var found = ran(publishing("to everybody"), publishing("to nobody"));

        assertThat(found.kind()).isEqualTo(Finding.Kind.DIFFERENT);
        assertThat(found.differences()).containsExactly("events");
        assertThat(found.candidate().effects().events()).isEqualTo(1);
        assertThat(ran(publishing("same"), publishing("same")).kind()).isEqualTo(Finding.Kind.SAME);
        assertThat(ran(publishing("more"), answering("x")).differences()).containsExactly("events");
    }

    private static Version publishing(String event) {
        return ways -> {
            ways.events().accept(List.of(new ProducerRecord<>("bills", event.getBytes(UTF_8))));
            return new Reply.Answer(200, List.of(), "x".getBytes(UTF_8));
        };
    }

    @Test
    void aVersionThatIsGoneIsSaid() throws Exception {
        assertThat(trial(Map.of(NEW, answering("x"))).of(source())).isInstanceOf(Finding.NoBaseline.class);
    }

    @Test
    void whatCannotBeRunIsTriedAgainAndThenSaid() throws Exception {
        var tries = new AtomicInteger();
        Version away = ways -> {
            tries.incrementAndGet();
            return new Reply.Failure(ErrorKind.UNAVAILABLE, "no memory");
        };

        var found = trial(Map.of(OLD, answering("x"), NEW, away)).of(source());

        assertThat(found).isInstanceOf(Finding.NotRun.class);
        assertThat(((Finding.NotRun) found).reason()).isEqualTo("no memory");
        assertThat(tries).hasValue(5);
    }

    private static Finding ofLargeCall(Version version, Bodies bodies) throws InterruptedException {
        var calls = new RecordSource.Calls("f", List.of("calls"), Map.of(), topic -> false);
        return trial(Map.of(OLD, version, NEW, version), calls, bodies).of(largeCall());
    }

    /** Its body lies apart from it. */
    private static ConsumerRecord<byte[], byte[]> largeCall() {
        var call = new Invocation(
                        "1",
                        "/",
                        new Target.Resolved("f", OLD, Digest.of(new byte[0]), ViewPosition.of(0)),
                        Optional.of(new Deadline(1, 1)),
                        new ReplyTo.Ingress(0, "i"),
                        new Invocation.HttpHead("POST", "/", "", List.of()),
                        Optional.empty(),
                        new byte[0])
                .in(new Pieces(0, 0, 0, 1, 1));
        var encoded = InvocationCodec.encode("calls", call);
        var source = new ConsumerRecord<>("calls", 0, 7, encoded.key(), encoded.value());
        encoded.headers().forEach(header -> source.headers().add(header));
        return source;
    }

    @Test
    void aBodyThatLiesApartIsHeldUntilBothHaveRun() throws Exception {
        var held = new AtomicBoolean(true);
        var heldInRuns = new ArrayList<Boolean>();

        var found = ofLargeCall(
                ways -> {
                    heldInRuns.add(held.get());
                    return new Reply.Answer(200, List.of(), new byte[] {1});
                },
                () -> Optional.of(new Runs.Body(new byte[] {1}, () -> held.set(false))));

        assertThat(found).isInstanceOf(Finding.Ran.class);
        assertThat(heldInRuns).containsExactly(true, true);
        assertThat(held).isFalse();
    }

    @Test
    void aBodyThatCannotBeReadIsNotTakenForOneThatIsGone() throws Exception {
        assertThat(ofLargeCall(answering("x"), Optional::empty)).isInstanceOf(Finding.NotRetained.class);
        assertThat(ofLargeCall(answering("x"), () -> {
                    throw new Runs.Unread();
                }))
                .isInstanceOf(Finding.NotRun.class);
    }

    @Test
    void whatIsNoEventIsMalformed() throws Exception {
        var broken = source();
        broken.headers().add(new RecordHeader("content-type", "application/cloudevents+json".getBytes(UTF_8)));

        assertThat(trial(Map.of(OLD, answering("x"), NEW, answering("x"))).of(broken))
                .isInstanceOf(Finding.Malformed.class);
    }
}
