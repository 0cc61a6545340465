package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.ErrorKind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {
    private final Vertx vertx = Vertx.vertx();
    /** Held: the connections of a client that nothing refers to are closed. */
    private final HttpClient client = vertx.createHttpClient();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void hasTheFormOfRfc9457() {
        var answer = answered(new Problem(ErrorKind.NOT_FOUND, "there is no function 'a'")::send);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
        assertThat(answer.json().getMap())
                .isEqualTo(Map.of(
                        "type", "urn:photon:error:not-found",
                        "title", "Not found",
                        "status", 404,
                        "detail", "there is no function 'a'"));
    }

    @Test
    void namesTheInvocationThatFailed() {
        var answer = answered(new Problem(ErrorKind.TIMEOUT, "no answer came", Optional.of("i1"))::send);

        assertThat(answer.headers()).containsEntry("photon-invocation-id", "i1");
        assertThat(answer.json().getString("invocationId")).isEqualTo("i1");
    }

    @ParameterizedTest
    @EnumSource
    void itsStatusIsThatOfItsKind(ErrorKind kind) {
        var answer = answered(new Problem(kind, "detail")::send);

        assertThat(answer.status()).isEqualTo(kind.status());
        assertThat(answer.json().getInteger("status")).isEqualTo(kind.status());
    }

    @ParameterizedTest
    @EnumSource
    void saysWhenToComeAgainOnlyIfThatMayHelp(ErrorKind kind) {
        var answer = answered(new Problem(kind, "detail")::send);

        assertThat(answer.headers().containsKey("retry-after"))
                .isEqualTo(kind == ErrorKind.OVERLOADED || kind == ErrorKind.UNAVAILABLE);
    }

    @Test
    void leavesAnAnswerThatWasGivenAlone() {
        var answer = answered(response -> {
            response.end("done");
            new Problem(ErrorKind.INTERNAL, "too late").send(response);
        });

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("done");
    }

    private record Answered(int status, Map<String, String> headers, String body) {
        JsonObject json() {
            return new JsonObject(body);
        }
    }

    /** What a client gets over a real connection when a server does this. */
    private Answered answered(Consumer<HttpServerResponse> handler) {
        var server = vertx.createHttpServer()
                .requestHandler(request -> handler.accept(request.response()))
                .listen(0, "127.0.0.1")
                .await();
        return client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
                // Whoever asks for the body from outside of the connection's thread may be too late for it.
                .compose(request -> request.send().compose(ProblemTest::answered))
                .await();
    }

    private static Future<Answered> answered(HttpClientResponse response) {
        var headers = new HashMap<String, String>();
        response.headers().forEach(field -> headers.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue()));
        return response.body().map(body -> new Answered(response.statusCode(), headers, body.toString()));
    }
}
