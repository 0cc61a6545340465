package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UsageHandlerTest {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicBoolean complete = new AtomicBoolean(true);
    private int port;

    @BeforeEach
    void serve() {
        var handler = new UsageHandler(vertx, new UsageTable(Clock.systemUTC()), complete::get, Clock.systemUTC());
        var router = Router.router(vertx);
        router.get("/usage/:aggregationType").handler(handler::handle);
        port = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
    }

    @AfterEach
    void close() {
        http.close();
        vertx.close().await();
    }

    private HttpResponse<String> get(String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void answersWithTheNumberOfPeriodsThatIsAskedFor() throws Exception {
        var answer = get("/usage/day?limit=3");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).startsWith("{\"code\":200,\"error\":false,\"result\":[{\"timestamp\":");
        assertThat(answer.body().split("requests_count\"", -1)).hasSize(4);
    }

    @Test
    void refusesWhatItCannotReadWithASentence() throws Exception {
        assertRefused(get("/usage/fortnight"), "usage is by min, hour, day, week, month or year");
        assertRefused(get("/usage/day?limit=0"), "limit is a number from 1 to 1000");
        assertRefused(get("/usage/day?start=soon"), "start and end are times such as 2024-01-01T00:00:00, in UTC");
    }

    private static void assertRefused(HttpResponse<String> answer, String sentence) {
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(answer.body()).contains(sentence);
    }

    @Test
    void asksForPatienceUntilAllOfThePastIsRead() throws Exception {
        complete.set(false);

        var answer = get("/usage/day");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("retry-after")).isPresent();
        assertThat(answer.body()).contains("urn:photon:error:unavailable");
    }
}
