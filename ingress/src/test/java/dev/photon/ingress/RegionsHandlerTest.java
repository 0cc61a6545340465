package dev.photon.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RegionsHandlerTest {

    private static JsonArray regions(TestingOverflow here, RegionsHandler handler) {
        var router = Router.router(here.vertx());
        router.route("/regions").handler(handler::handle);
        var server = TestingServer.join(
                here.vertx().createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        return new JsonArray(TestingServer.join(here.vertx()
                .createHttpClient()
                .request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/regions")
                .compose(request ->
                        request.putHeader("host", "here.example:8080").send())
                .compose(HttpClientResponse::body)));
    }

    @Test
    void aRegionAloneNamesItself() {
        try (var here = TestingOverflow.to(TestingOverflow.NOBODY)) {
            assertThat(regions(here, new RegionsHandler("here", List.of(), () -> false)))
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
            var own = regions(here, new RegionsHandler("here", List.of(), () -> true))
                    .getJsonObject(0);

            assertThat(own.getString("state")).isEqualTo("unready");
        }
    }

    @Test
    void othersFollowWithTheirDistance() {
        try (var far = TestingRegion.start("far");
                var here = TestingOverflow.to(TestingOverflow.NOBODY, far.setting())) {
            Awaitility.await().until(() -> here.other(1).roundTrip().isPresent());

            var regions =
                    regions(here, new RegionsHandler("here", here.overflow().others(), () -> false));

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
