package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.TOPICS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.protocol.UsageTotals;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is counted, and that it is counted once. Runs on every kind of broker. */
abstract class UsageSuite extends RegionSuite {
    private static final String USAGE = "/api/faas/v1/usage/";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** As soon as the ingress has read what was there when it started. */
    private UsageTotals totals() throws Exception {
        await().atMost(PATIENCE).until(() -> photon.get(USAGE + "year").statusCode() == 200);
        return photon.usage();
    }

    private static void awaitTotals(PhotonTester photon, UsageTotals expected) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(photon.usage()).isEqualTo(expected));
    }

    private static ProducerRecord<byte[], byte[]> event(String function, String body) {
        var event = new ProducerRecord<>(TOPICS.entry("local"), (byte[]) null, body.getBytes(UTF_8));
        event.headers().add("ce_photonfunction", function.getBytes(UTF_8));
        return event;
    }

    @Test
    void totalsAreExactWithSeveralExecutorsAndTheSameAfterEverythingWasRestarted() throws Exception {
        var calls = 400;
        var events = 50;
        photon.deployGuest("echo");
        photon.newTopic("usage.replies");
        var before = totals();
        var bytes = new AtomicLong();
        UsageTotals expected;

        try (var more = startMore(Role.EXECUTOR, Role.INGRESS)) {
            Load.run(16, calls, index -> {
                var body = "x".repeat(index);
                bytes.addAndGet(body.length());
                var ingress = index % 2 == 0 ? photon : more;
                assertThat(ingress.post("/fn/echo", body).body()).isEqualTo(body);
            });
            for (int i = 0; i < events; i++) {
                var event = event("echo", "event");
                event.headers().add("ce_photonreplytopic", "usage.replies".getBytes(UTF_8));
                photon.send(event);
            }
            photon.read("usage.replies", events);
            bytes.addAndGet((long) events * "event".length());
            expected = before.plus(new UsageTotals(calls + events, 0, bytes.get(), bytes.get()));

            awaitTotals(photon, expected);
            awaitTotals(more, expected);
        }
        restart();

        awaitTotals(photon, expected);
        assertThat(photon.post("/fn/echo", "again").body()).isEqualTo("again");
        awaitTotals(photon, expected.plus(new UsageTotals(1, 0, 5, 5)));
    }

    @Test
    void aFailureCountsAsAnErrorAndWhatWasRefusedNotAtAll() throws Exception {
        photon.deployGuest("trap");
        var before = totals();

        assertThat(photon.post("/fn/trap", "1234").statusCode()).isEqualTo(502);
        assertThat(photon.post("/fn/nobody", "1234").statusCode()).isEqualTo(404);
        assertThat(photon.post("/api/faas/v1/execute/trap/9.9.9", "1234").statusCode())
                .isEqualTo(404);

        awaitTotals(photon, before.plus(new UsageTotals(1, 1, 4, 0)));
    }

    @Test
    void anEventCountsAlsoWhenNobodyWantsItsAnswerAndOnlyForAFunctionThatExists() throws Exception {
        photon.deployGuest("echo");
        photon.deployGuest("trap");
        var before = totals();

        photon.send(event("nobody", "123"));
        photon.send(event("trap", "1234"));
        photon.send(event("echo", "12345"));

        awaitTotals(photon, before.plus(new UsageTotals(2, 1, 9, 0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"min", "hour", "day", "week", "month", "year"})
    void tellsOfEveryPeriod(String period) throws Exception {
        assertThat(photon.get(USAGE + period).body())
                .contains("\"period\":\"" + period + "\"", "\"type\":\"metric\"", "\"bytes_uploaded_per_second\":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"decade", "day?limit=0", "day?offset=x", "hour?start=yesterday"})
    void refusesWhatItCannotRead(String query) throws Exception {
        var answer = photon.get(USAGE + query);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("urn:photon:error:bad-request");
    }
}
