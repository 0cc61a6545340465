package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RegionsHandlerTest {

    private static JsonArray regions(TestingOverflow here, RegionsHandler handler) {
        var router = Router.router(here.vertx());
        router.route("/regions").handler(handler::handle);
        var server = TestingServer.join(
                here.vertx().createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        var client = here.vertx().createHttpClient();
        var answer = TestingServer.join(client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/regions")
                .compose(request ->
                        request.putHeader("host", "here.example:8080").send().compose(HttpClientResponse::body)));
        TestingServer.join(client.close());
        return new JsonArray(answer);
    }

    private static RegionsHandler handler(TestingOverflow here, Optional<URI> url, boolean stuck) {
        return new RegionsHandler(new OwnRegion("here", url, here.hearsay(), () -> stuck), List.of());
    }

    @Test
    void aRegionThatIsConfiguredSaysTheUrlThatOthersKnow() {
        try (var here = TestingOverflow.to(TestingOverflow.NOBODY)) {
            var own = regions(here, handler(here, Optional.of(URI.create("https://here.example")), false))
                    .getJsonObject(0);

            assertThat(own.getString("url")).isEqualTo("https://here.example");
        }
    }

    /** HTTP/1.0 has no {@code Host}. */
    @Test
    void aRegionThatNobodyNamesSaysItsAddress() throws Exception {
        try (var here = TestingOverflow.to(TestingOverflow.NOBODY)) {
            var router = Router.router(here.vertx());
            router.route("/regions").handler(handler(here, Optional.empty(), false)::handle);
            var server = TestingServer.join(
                    here.vertx().createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));

            try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
                socket.getOutputStream().write("GET /regions HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
                var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);

                assertThat(answer).contains("\"http://127.0.0.1:" + server.actualPort() + "\"");
            }
        }
    }

    @Test
    void aRegionThatDrainsSaysWhoWantedThat() {
        try (var here = TestingOverflow.to(TestingOverflow.NOBODY)) {
            here.hearsay().drain("here");

            var own = regions(here, handler(here, Optional.empty(), false)).getJsonObject(0);

            assertThat(own.getString("state")).isEqualTo("draining");
            assertThat(own.getString("drainedBy")).isEqualTo("ada");
            assertThat(own.getString("drainedAt")).isEqualTo("1970-01-01T00:00:00Z");
        }
    }

    private static int serving(TestingOverflow here, boolean stuck) {
        var router = Router.router(here.vertx());
        router.route("/serving").handler(handler(here, Optional.empty(), stuck)::serving);
        var server = TestingServer.join(
                here.vertx().createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        var client = here.vertx().createHttpClient();
        var status = TestingServer.join(client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/serving")
                .compose(request -> request.send().map(HttpClientResponse::statusCode)));
        TestingServer.join(client.close());
        return status;
    }

    @Test
    void clientsAreWantedUnlessTheRegionDrainsOrItsLogIsAway() {
        try (var here = TestingOverflow.to(TestingOverflow.NOBODY)) {
            assertThat(serving(here, false)).isEqualTo(200);
            assertThat(serving(here, true)).isEqualTo(503);

            here.hearsay().drain("here");
            assertThat(serving(here, false)).isEqualTo(503);
        }
    }

    @Test
    void aRegionAloneNamesItself() {
        try (var here = TestingOverflow.to(TestingOverflow.NOBODY)) {
            assertThat(regions(here, handler(here, Optional.empty(), false)))
                    .containsExactly(new JsonObject()
                            .put("name", "here")
                            .put("url", "http://here.example:8080")
                            .put("self", true)
                            .putNull("roundTripMillis")
                            .put("state", "serving"));
        }
    }

    @Test
    void aRegionWhoseLogIsAwayIsNotReady() {
        try (var here = TestingOverflow.to(TestingOverflow.NOBODY)) {
            var own = regions(here, handler(here, Optional.empty(), true)).getJsonObject(0);

            assertThat(own.getString("state")).isEqualTo("unready");
        }
    }

    @Test
    void othersFollowWithTheirDistance() {
        try (var far = TestingRegion.start("far");
                var here = TestingOverflow.to(TestingOverflow.NOBODY, far.setting())) {
            Awaitility.await().until(() -> here.other(1).roundTrip().isPresent());

            var regions = regions(
                    here,
                    new RegionsHandler(
                            new OwnRegion("here", Optional.empty(), here.hearsay(), () -> false),
                            here.overflow().others()));

            assertThat(regions.getJsonObject(1).getString("name")).isEqualTo("nobody");
            assertThat(regions.getJsonObject(1).getValue("roundTripMillis")).isNull();
            var last = regions.getJsonObject(2);
            assertThat(last.getString("url")).startsWith("http://127.0.0.1:");
            assertThat(last.getBoolean("self")).isFalse();
            assertThat(last.getDouble("roundTripMillis")).isPositive();
            assertThat(last.getString("state")).isEqualTo("serving");
        }
    }
}
