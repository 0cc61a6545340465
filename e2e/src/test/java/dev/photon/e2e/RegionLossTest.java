package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.e2e.TestingRegions.TestingRegion;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A region whose log is gone, while clients call. */
class RegionLossTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CALLERS = 4;

    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> callers = new ArrayList<>();
    private TestingRegions regions;
    private TestingRegion us;
    private TestingRegion eu;

    /** What came of one call; an empty region when nobody answered. */
    private record Answer(int status, String region) {}

    @BeforeEach
    void start() throws Exception {
        regions = TestingRegions.open("us-east", "eu-west");
        us = regions.get("us-east");
        eu = regions.get("eu-west");
        // What an executor has begun has no log to be finished in.
        regions.start(EnumSet.allOf(Role.class), Map.of("PHOTON_DRAIN_MS", "500"));
        assertThat(us.photon().deploy(guest("echo"), toml("f", "1.0.0")).statusCode())
                .isEqualTo(200);
        for (var region : regions.all()) {
            await().atMost(PATIENCE).until(() -> {
                var answer = region.photon().post("/fn/f", "");
                return answer.statusCode() == 200
                        && answer.headers()
                                .firstValue("photon-region")
                                .orElse("")
                                .equals(region.name);
            });
        }
    }

    @AfterEach
    void stop() throws Exception {
        over.set(true);
        for (var caller : callers) {
            caller.join();
        }
        regions.close();
    }

    private Queue<Answer> load(TestingRegion region) {
        var answers = new ConcurrentLinkedQueue<Answer>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofVirtual().start(() -> call(region, answers)));
        }
        return answers;
    }

    private void call(TestingRegion region, Queue<Answer> answers) {
        try (var client = HttpClient.newHttpClient()) {
            while (!over.get()) {
                var request = HttpRequest.newBuilder(region.photon().url("/fn/f"))
                        .timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.ofString("hello"))
                        .build();
                var answer = answer(client, request);
                answers.add(answer);
                if (answer.status() == 0) {
                    return;
                }
            }
        }
    }

    private static Answer answer(HttpClient client, HttpRequest request) {
        try {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    answer.statusCode(),
                    answer.headers().firstValue("photon-region").orElse(""));
        } catch (Exception e) {
            return new Answer(0, "");
        }
    }

    @Test
    void itsClientsAreAnsweredByAnotherAndThoseOfOthersNoticeNothing() throws Exception {
        var ofEu = load(eu);
        var ofUs = load(us);
        await().atMost(PATIENCE).until(() -> ofUs.size() > 200 && ofEu.size() > 200);

        us.stopBroker();
        await().atMost(PATIENCE).until(() -> ofUs.stream().anyMatch(this::isOverflow));
        var before = ofUs.size();
        await().atMost(PATIENCE).until(() -> ofUs.size() > before + 200);

        var answers = List.copyOf(ofUs);
        // What was in the log when it went is told so; nobody waits for it, and nothing is wrong or empty.
        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(200, 503, 504));
        // Now and then a call finds out whether the log is back.
        assertThat(answers.subList(answers.size() - 100, answers.size()))
                .filteredOn(answer -> !isOverflow(answer))
                .hasSizeLessThanOrEqualTo(CALLERS);

        us.stopRoles();
        var beforeThat = ofEu.size();
        await().atMost(PATIENCE).until(() -> ofEu.size() > beforeThat + 100);

        assertThat(ofEu).allSatisfy(answer -> assertThat(answer).isEqualTo(new Answer(200, "eu-west")));
        System.err.printf(
                "of %d calls %d were answered in us-east, %d in eu-west and %d were told that it failed%n",
                answers.size(),
                answers.stream().filter(new Answer(200, "us-east")::equals).count(),
                answers.stream().filter(this::isOverflow).count(),
                answers.stream().filter(answer -> answer.status() != 200).count());
    }

    private boolean isOverflow(Answer answer) {
        return answer.equals(new Answer(200, "eu-west"));
    }
}
