package dev.photon.executor.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.executor.outbound.OutboundRequest;
import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.LogLevel;
import dev.photon.protocol.Pieces;
import dev.photon.protocol.Reply;
import dev.photon.registry.Manifest;
import dev.photon.registry.Placement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static Trial trial(Map<String, Version> versions) {
        var runs = new Runs() {
            @Override
            public Reply.Outcome run(Manifest manifest, Invocation invocation, Ways ways) throws InterruptedException {
                return versions.get(manifest.version()).run(ways);
            }

            @Override
            public Optional<byte[]> body(Invocation invocation, Pieces place) {
                return Optional.empty();
            }
        };
        var baseline = Optional.ofNullable(versions.get(OLD)).map(there -> manifest(OLD));
        return new Trial(
                new RecordSource.OfTrigger("f", "orders"),
                new Versions(manifest(NEW), invocation -> baseline),
                runs,
                true);
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

    @Test
    void whatIsNoEventIsMalformed() throws Exception {
        var broken = source();
        broken.headers().add(new RecordHeader("content-type", "application/cloudevents+json".getBytes(UTF_8)));

        assertThat(trial(Map.of(OLD, answering("x"), NEW, answering("x"))).of(broken))
                .isInstanceOf(Finding.Malformed.class);
    }
}
