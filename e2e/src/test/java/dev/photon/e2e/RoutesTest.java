package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Several functions as one site: their routes, and what pages of other origins may do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoutesTest {
    private static final String API = "/api/faas/v1";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = vertx.createHttpClient();
    private TestingKafka kafka;
    private PhotonTester photon;

    @BeforeAll
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        photon = PhotonTester.start(kafka.bootstrap());
    }

    @AfterAll
    void stop() throws Exception {
        photon.close();
        kafka.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private record Answer(int status, MultiMap headers, String body) {}

    /** With whatever headers, also those that Java's own client keeps to itself. */
    private Answer send(String method, String path, String... headers) throws Exception {
        var url = photon.url("");
        var options = new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(url.getPort(), url.getHost()))
                .setHost(url.getHost())
                .setPort(url.getPort())
                .setMethod(HttpMethod.valueOf(method))
                .setURI(path);
        for (int i = 0; i < headers.length; i += 2) {
            options.putHeader(headers[i], headers[i + 1]);
        }
        // The body is asked for where it arrives: another thread may come after its first part.
        return http.request(options)
                .compose(request -> request.send()
                        .compose(response -> response.body()
                                .map(body -> new Answer(response.statusCode(), response.headers(), body.toString()))))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private static String route(String path) {
        return "[[routes]]\npath = \"" + path + "\"\n";
    }

    private void deploy(String guest, String toml) throws Exception {
        deployed(photon.deploy(guest(guest), toml));
    }

    private static void deployed(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void severalFunctionsAreOneSite() throws Exception {
        var files = TestingSite.empty().with("index.html", "<h1>shop").with("cart/index.html", "<h1>cart");
        deployed(photon.deploy(files, toml("pages", "1.0.0") + route("/shop/*")));
        deploy("echo", toml("orders", "1.0.0") + route("/shop/orders/{id}") + "methods = [\"PUT\"]\n");

        assertThat(send("GET", "/shop").headers().get("location")).isEqualTo("./shop/");
        assertThat(send("GET", "/shop/").body()).isEqualTo("<h1>shop");
        assertThat(send("GET", "/shop/cart/").body()).isEqualTo("<h1>cart");
        assertThat(send("GET", "/shop/orders/7").status()).isEqualTo(404);
        var put = send("PUT", "/shop/orders/7");
        assertThat(put.status()).isEqualTo(200);
        assertThat(put.headers().contains("photon-invocation-id")).isTrue();
        // The site is there for all methods, and says itself what it takes.
        assertThat(send("POST", "/shop/orders/7").headers().get("allow")).isEqualTo("GET, HEAD");
        assertThat(photon.get("/fn/pages/cart/").body()).isEqualTo("<h1>cart");
    }

    @Test
    void aFunctionSeesTheRestOfThePathAndWhatIsBeforeIt() throws Exception {
        deploy("env", toml("seen", "1.0.0") + route("/seen/{by}/*") + route("/whole/{id}"));

        assertThat(send("GET", "/seen/caf%C3%A9/a/b%20c?q=1").body())
                .contains("SCRIPT_NAME=/seen/café\n", "PATH_INFO=/a/b c\n", "QUERY_STRING=q=1\n")
                .contains("HTTP_X_FORWARDED_PREFIX=/seen/caf%C3%A9\n");
        assertThat(send("GET", "/whole/7", "x-forwarded-prefix", "/forged").body())
                .contains("SCRIPT_NAME=\n", "PATH_INFO=/whole/7\n")
                .contains("HTTP_X_FORWARDED_PREFIX=/\n");
        assertThat(send("GET", "/fn/seen/a", "x-forwarded-prefix", "/forged").body())
                .contains("SCRIPT_NAME=/fn/seen\n", "PATH_INFO=/a\n")
                .doesNotContain("forged");
    }

    @Test
    void aHostIsAFunctionsOwn() throws Exception {
        deploy("echo", toml("tenant", "1.0.0") + route("/*") + "host = \"*.tenants.example\"\nmethods = [\"POST\"]\n");

        assertThat(send("POST", "/anything", "host", "A.Tenants.Example:8080").status())
                .isEqualTo(401);
        deploy(
                "echo",
                "auth = \"public\"\n" + toml("tenant", "1.0.1") + route("/*")
                        + "host = \"*.tenants.example\"\nmethods = [\"POST\"]\n");
        assertThat(send("POST", "/anything", "host", "A.Tenants.Example:8080").status())
                .isEqualTo(200);
        assertThat(send("POST", "/anything", "host", "tenants.example").status())
                .isEqualTo(404);
        var read = send("GET", "/anything", "host", "a.tenants.example");
        assertThat(read.status()).isEqualTo(405);
        assertThat(read.headers().get("allow")).isEqualTo("POST");
        assertThat(read.headers().get("content-type")).isEqualTo("application/problem+json");
        // What is the platform's own is nobody else's, on any host.
        assertThat(send("POST", API + "/nothing", "host", "a.tenants.example").status())
                .isEqualTo(404);
    }

    @Test
    void aRouteHasOneHolder() throws Exception {
        deploy("echo", toml("first", "1.0.0") + route("/held/{a}"));

        var second = photon.deploy(guest("echo"), toml("second", "1.0.0") + route("/free") + route("/held/{b}"));
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(second.body()).contains("'/held/{b}'", "function 'first'");
        assertThat(send("GET", "/free").status()).isEqualTo(404);

        // Another version of the holder gives it away, and so its older one cannot come back.
        deploy("echo", toml("first", "1.1.0"));
        deploy("echo", toml("second", "1.0.0") + route("/held/{b}"));
        assertThat(send("GET", "/held/x").headers().get("photon-version")).isEqualTo("1.0.0");
        var back = photon.delete(API + "/function/first/1.1.0?force=true");
        assertThat(back.statusCode()).isEqualTo(409);
        assertThat(back.body()).contains("version 1.0.0 of first", "function 'second'");
        assertThat(photon.delete(API + "/function/first/1.0.0").statusCode()).isEqualTo(200);
        assertThat(photon.delete(API + "/function/first/1.1.0").statusCode()).isEqualTo(200);

        // A pre-release is not the latest, and so it takes nothing.
        deploy("echo", toml("third", "1.0.0"));
        deploy("echo", toml("third", "1.1.0-rc.1") + route("/held/{c}"));

        assertThat(photon.delete(API + "/function/second").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/held/x").status()).isEqualTo(404);
    }

    @Test
    void routesAreListed() throws Exception {
        deploy("echo", toml("listed", "2.0.0") + route("/listed/*") + "host = \"a.example\"\nmethods = [\"GET\"]\n");

        assertThat(new JsonArray(photon.get(API + "/routes").body()))
                .contains(new JsonObject()
                        .put("host", "a.example")
                        .put("path", "/listed/*")
                        .put("methods", new JsonArray().add("GET").add("HEAD"))
                        .put("function", "listed")
                        .put("version", "2.0.0"));
    }

    @Test
    void aBrowserIsToldWhatPagesOfOtherOriginsMayDo() throws Exception {
        var cors = """
                [cors]
                allowed_origins = ["https://*.friends.example"]
                allowed_methods = ["PUT"]
                allowed_headers = ["content-type", "authorization"]
                exposed_headers = ["photon-version"]
                allow_credentials = true
                max_age_seconds = 60
                """;
        deploy("echo", toml("shared", "1.0.0") + route("/shared") + "methods = [\"PUT\"]\n" + cors);
        var origin = "https://a.friends.example";

        var asked = send("OPTIONS", "/shared", "origin", origin, "access-control-request-method", "PUT");
        assertThat(asked.status()).isEqualTo(204);
        assertThat(asked.headers().get("access-control-allow-origin")).isEqualTo(origin);
        assertThat(asked.headers().get("access-control-allow-methods")).isEqualTo("PUT");
        assertThat(asked.headers().get("access-control-allow-headers")).isEqualTo("content-type, authorization");
        assertThat(asked.headers().get("access-control-allow-credentials")).isEqualTo("true");
        assertThat(asked.headers().get("access-control-max-age")).isEqualTo("60");
        assertThat(asked.headers().get("vary")).isEqualTo("origin");

        var put = send("PUT", "/shared", "origin", origin);
        assertThat(put.status()).isEqualTo(200);
        assertThat(put.headers().get("access-control-allow-origin")).isEqualTo(origin);
        assertThat(put.headers().get("access-control-expose-headers")).isEqualTo("photon-version");

        var strange = send(
                "OPTIONS", "/shared", "origin", "https://stranger.example", "access-control-request-method", "PUT");
        assertThat(strange.status()).isEqualTo(403);
        assertThat(strange.headers().contains("access-control-allow-origin")).isFalse();
        assertThat(send("PUT", "/shared").headers().get("vary")).isEqualTo("origin");
        assertThat(send("PUT", "/shared", "origin", "https://stranger.example")
                        .headers()
                        .contains("access-control-allow-origin"))
                .isFalse();
    }

    @Test
    void errorsAndFilesAreForPagesOfOtherOriginsToo() throws Exception {
        var cors = "[cors]\nallowed_origins = [\"*\"]\n";
        deployed(photon.deploy(
                guest("exit-3"),
                TestingSite.empty().with("data.json", "{}").with("data.json.gz", "z"),
                toml("open", "1.0.0") + cors));

        var failed = send("POST", "/fn/open/x", "origin", "https://any.example");
        assertThat(failed.status()).isEqualTo(502);
        assertThat(failed.headers().get("access-control-allow-origin")).isEqualTo("*");
        var file = send("GET", "/fn/open/data.json", "origin", "https://any.example");
        assertThat(file.body()).isEqualTo("{}");
        assertThat(file.headers().get("access-control-allow-origin")).isEqualTo("*");
        assertThat(file.headers().getAll("vary")).containsExactly("accept-encoding");
    }

    /** Functions that say nothing of it answer for themselves. */
    @Test
    void withoutATableTheFunctionIsAskedItself() throws Exception {
        deploy("echo", "auth = \"public\"\n" + toml("itself", "1.0.0"));

        var asked =
                send("OPTIONS", "/fn/itself", "origin", "https://any.example", "access-control-request-method", "PUT");
        assertThat(asked.status()).isEqualTo(200);
        assertThat(asked.headers().contains("photon-invocation-id")).isTrue();
    }
}
