package dev.photon.e2e;

import static dev.photon.e2e.PhotonTester.guest;
import static dev.photon.e2e.PhotonTester.toml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.cli.Role;
import dev.photon.protocol.UsageTotals;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Static files beside functions and without, request by request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StaticSiteTest {
    private static final String TABLE = "[static_assets]\n";
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz";

    private TestingKafka kafka;
    private PhotonTester photon;

    @BeforeAll
    void start() throws Exception {
        kafka = TestingKafka.embedded();
        photon = PhotonTester.start(kafka.bootstrap());
        var site = TestingSite.empty()
                .with("index.html", "<h1>home")
                .with("docs/index.html", "<h1>docs")
                .with("alphabet.txt", ALPHABET)
                .with("empty.txt", "")
                .with("css/site.css", "p {}")
                .with("app.js", "let plain")
                .with("app.js.br", "brotli")
                .with("app.js.gz", "gzipped")
                .with("main-BqX9a7Zk.js", "let hashed")
                .with("with space & ü.txt", "odd")
                .with("missing.html", "<h1>not here");
        deployed(photon.deploy(site, toml("site", "1.0.0") + TABLE + "not_found = \"missing.html\""));
    }

    @AfterAll
    void stop() throws Exception {
        photon.close();
        kafka.close();
    }

    private static void deployed(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    private HttpResponse<String> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(photon.url(path)).method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return photon.http().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Test
    void aFileIsAnsweredWithWhatItIs() throws Exception {
        var css = get("/fn/site/css/site.css");

        assertThat(css.statusCode()).isEqualTo(200);
        assertThat(css.body()).isEqualTo("p {}");
        assertThat(header(css, "content-type")).isEqualTo("text/css; charset=utf-8");
        assertThat(header(css, "content-length")).isEqualTo("4");
        assertThat(header(css, "etag")).matches("\"[0-9a-f]{32}\"");
        assertThat(header(css, "accept-ranges")).isEqualTo("bytes");
        assertThat(header(css, "x-content-type-options")).isEqualTo("nosniff");
        assertThat(header(css, "cache-control")).isEqualTo("private, no-cache");
        assertThat(header(css, "photon-version")).isEqualTo("1.0.0");
        assertThat(header(get("/fn/site/main-BqX9a7Zk.js"), "cache-control")).endsWith("immutable");
        assertThat(get("/fn/site/empty.txt").body()).isEmpty();
        assertThat(get("/fn/site/with%20space%20&%20%C3%BC.txt").body()).isEqualTo("odd");
    }

    @Test
    void aFolderIsItsIndexPageAndHasASlashAtItsEnd() throws Exception {
        assertThat(get("/fn/site/").body()).isEqualTo("<h1>home");
        assertThat(get("/fn/site/docs/").body()).isEqualTo("<h1>docs");
        var root = get("/fn/site?a=b");
        assertThat(root.statusCode()).isEqualTo(301);
        assertThat(header(root, "location")).isEqualTo("./site/?a=b");
        assertThat(header(get("/fn/site/docs"), "location")).isEqualTo("./docs/");
    }

    @Test
    void whatIsNotThereIsThePageThatSaysSo() throws Exception {
        for (var path : new String[] {"/nothing", "/css/", "/css/site.css/", "/..%2f..%2fetc/passwd", "/%00"}) {
            var missing = get("/fn/site" + path);
            assertThat(missing.statusCode()).as(path).isEqualTo(404);
            assertThat(missing.body()).as(path).isEqualTo("<h1>not here");
            assertThat(header(missing, "cache-control")).isEqualTo("no-store");
        }
    }

    @Test
    void aSiteTakesNothingAndRunsNothing() throws Exception {
        var posted = photon.post("/fn/site/index.html", "data");

        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(header(posted, "allow")).isEqualTo("GET, HEAD");
        assertThat(posted.body()).contains("urn:photon:error:method-not-allowed");
        assertThat(photon.post("/api/faas/v1/execute/site", "data").statusCode())
                .isEqualTo(404);
        assertThat(get("/api/faas/v1/download/site").statusCode()).isEqualTo(404);
        assertThat(new JsonObject(
                                get("/api/faas/v1/download/site?metaOnly=true").body())
                        .getInteger("files"))
                .isEqualTo(11);
    }

    @Test
    void headIsGetWithoutTheContent() throws Exception {
        var head = send("HEAD", "/fn/site/alphabet.txt", "range", "bytes=0-3");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "content-length")).isEqualTo("26");
    }

    @Test
    void whoHasAFileIsToldThatItIsTheSame() throws Exception {
        var tag = header(get("/fn/site/alphabet.txt"), "etag");

        var same = get("/fn/site/alphabet.txt", "if-none-match", "W/\"x\", " + tag);
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(header(same, "etag")).isEqualTo(tag);
        assertThat(header(same, "cache-control")).isNotEmpty();
        assertThat(get("/fn/site/alphabet.txt", "if-none-match", "\"x\"").body())
                .isEqualTo(ALPHABET);
        assertThat(get("/fn/site/alphabet.txt", "if-match", "\"x\"").statusCode())
                .isEqualTo(412);
        assertThat(get("/fn/site/alphabet.txt", "if-match", tag).body()).isEqualTo(ALPHABET);
        assertThat(get("/fn/site/alphabet.txt", "if-match", tag, "if-none-match", tag)
                        .statusCode())
                .isEqualTo(304);
        assertThat(get("/fn/site/alphabet.txt", "if-none-match", tag, "range", "bytes=0-1")
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void aRangeIsAPartOfTheFile() throws Exception {
        var tag = header(get("/fn/site/alphabet.txt"), "etag");

        var part = get("/fn/site/alphabet.txt", "range", "bytes=3-5");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("def");
        assertThat(header(part, "content-range")).isEqualTo("bytes 3-5/26");
        assertThat(header(part, "content-length")).isEqualTo("3");
        assertThat(header(part, "etag")).isEqualTo(tag);
        assertThat(get("/fn/site/alphabet.txt", "range", "bytes=-2").body()).isEqualTo("yz");
        assertThat(get("/fn/site/alphabet.txt", "range", "bytes=24-").body()).isEqualTo("yz");
        assertThat(get("/fn/site/alphabet.txt", "range", "bytes=3-5", "if-range", tag)
                        .body())
                .isEqualTo("def");
        assertThat(get("/fn/site/alphabet.txt", "range", "bytes=3-5", "if-range", "\"x\"")
                        .body())
                .isEqualTo(ALPHABET);
        var beyond = get("/fn/site/alphabet.txt", "range", "bytes=26-");
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(header(beyond, "content-range")).isEqualTo("bytes */26");
        assertThat(get("/fn/site/alphabet.txt", "range", "bytes=0-1,3-4").body())
                .isEqualTo(ALPHABET);
    }

    @Test
    void aFileIsSentInTheCodingThatTheClientLikesBest() throws Exception {
        var brotli = get("/fn/site/app.js", "accept-encoding", "gzip, br");
        assertThat(brotli.body()).isEqualTo("brotli");
        assertThat(header(brotli, "content-encoding")).isEqualTo("br");
        assertThat(header(brotli, "content-type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(header(brotli, "vary")).isEqualToIgnoringCase("accept-encoding");
        var plain = get("/fn/site/app.js");
        assertThat(plain.body()).isEqualTo("let plain");
        assertThat(header(plain, "content-encoding")).isEmpty();
        assertThat(header(plain, "vary")).isEqualToIgnoringCase("accept-encoding");
        assertThat(header(plain, "etag")).isNotEqualTo(header(brotli, "etag"));
        assertThat(get("/fn/site/app.js", "accept-encoding", "gzip").body()).isEqualTo("gzipped");
        assertThat(header(get("/fn/site/css/site.css", "accept-encoding", "br"), "content-encoding"))
                .isEmpty();
    }

    @Test
    void aFileComesBeforeTheFunctionAndTheFunctionBeforeNothing() throws Exception {
        var site = TestingSite.empty().with("index.html", "page").with("api/static.json", "{}");
        deployed(photon.deploy(guest("echo"), site, toml("both", "1.0.0")));

        assertThat(header(get("/fn/both/api/orders"), "photon-invocation-id")).isNotEmpty();
        assertThat(get("/fn/both/").body()).isEqualTo("page");
        assertThat(get("/fn/both/api/static.json").body()).isEqualTo("{}");
        assertThat(photon.post("/fn/both/", "to the function").body()).isEqualTo("to the function");
        assertThat(photon.post("/api/faas/v1/execute/both", "by name").body()).isEqualTo("by name");
    }

    @Test
    void theFunctionComesFirstWhereItsFileSaysSo() throws Exception {
        var site = TestingSite.empty().with("index.html", "page").with("api/static.json", "{}");
        var toml = toml("first", "1.0.0") + TABLE + "function_first = [\"/api/*\"]";
        deployed(photon.deploy(guest("echo"), site, toml));

        assertThat(header(get("/fn/first/api/static.json"), "photon-invocation-id"))
                .isNotEmpty();
        assertThat(get("/fn/first/").body()).isEqualTo("page");
    }

    /** The example answers 404 in words of its own where its next handler finds nothing. */
    @Test
    void whatAHandlerPassesOnIsLookedForAmongItsFiles() throws Exception {
        var site = TestingSite.empty()
                .with("index.html", "home")
                .with("pages/about.html", "about us")
                .with("large.bin", new byte[900_001]);
        var toml = PhotonTester.exampleToml("shortlinks") + "\n" + TABLE + "function_first = true";
        deployed(photon.deploy(PhotonTester.example("shortlinks"), site, toml));

        var file = get("/fn/shortlinks/pages/about.html?a=b");
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.body()).isEqualTo("about us");
        assertThat(header(file, "content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(file, "photon-invocation-id")).isNotEmpty();
        var missing = get("/fn/shortlinks/pages/nothing.html");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(header(missing, "content-type")).contains("json");
        assertThat(photon.post("/fn/shortlinks/pages/about.html", "").statusCode())
                .isEqualTo(404);
        var tooLarge = get("/fn/shortlinks/large.bin");
        assertThat(tooLarge.statusCode()).isEqualTo(502);
        assertThat(tooLarge.body()).isEqualTo("the next handler failed\n");
    }

    @Test
    void aPageOfASinglePageApplicationIsItsIndexPage() throws Exception {
        var site = TestingSite.empty().with("index.html", "application");
        deployed(photon.deploy(site, toml("spa", "1.0.0") + TABLE + "spa = true"));
        deployed(photon.deploy(guest("echo"), site, toml("spa-api", "1.0.0") + TABLE + "spa = true"));

        assertThat(get("/fn/spa/orders/7", "accept", "text/html,*/*").body()).isEqualTo("application");
        assertThat(get("/fn/spa/orders/7", "accept", "text/html,*/*").statusCode())
                .isEqualTo(200);
        assertThat(get("/fn/spa/orders/7", "accept", "application/json").statusCode())
                .isEqualTo(404);
        assertThat(get("/fn/spa-api/orders/7", "accept", "text/html").body()).isEqualTo("application");
        assertThat(header(get("/fn/spa-api/orders/7", "accept", "*/*"), "photon-invocation-id"))
                .isNotEmpty();
        assertThat(header(
                        get("/fn/spa-api/orders/7", "accept", "text/html", "sec-fetch-mode", "cors"),
                        "photon-invocation-id"))
                .isNotEmpty();
    }

    @Test
    void aSiteIsServedAtItsSuffixToo() throws Exception {
        var site = TestingSite.empty().with("index.html", "page").with("a/b.txt", "b");
        deployed(photon.deploy(site, "execute_url_suffix = \"/shop\"\n" + toml("suffixed", "1.0.0")));

        assertThat(get("/shop/suffixed/").body()).isEqualTo("page");
        assertThat(get("/shop/suffixed/a/b.txt").body()).isEqualTo("b");
        assertThat(header(get("/shop/suffixed"), "location")).isEqualTo("./suffixed/");
    }

    @Test
    void theSameFilesAgainChangeNothingAndOthersAreAnotherVersion() throws Exception {
        var site = TestingSite.empty().with("index.html", "page");
        deployed(photon.deploy(site, toml("again", "1.0.0")));

        assertThat(photon.deploy(site, toml("again", "1.0.0")).body()).contains("unchanged");
        var other = photon.deploy(site.with("more.txt", ""), toml("again", "1.0.0"));
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(other.body()).contains("version-exists").contains("content");
        var settings = photon.deploy(site, toml("again", "1.0.0") + TABLE + "spa = true");
        assertThat(settings.body()).contains("version-exists").contains("settings");
        assertThat(photon.deploy(guest("echo"), site, toml("again", "1.0.0")).body())
                .contains("version-exists");
    }

    @Test
    void whatCannotBeServedIsRefusedAtTheDeployment() throws Exception {
        var site = TestingSite.empty().with("page.html", "page");

        assertThat(photon.deploy(site, toml("bad", "1.0.0") + TABLE + "spa = true")
                        .body())
                .contains("index.html");
        assertThat(photon.deploy(site, toml("bad", "1.0.0") + TABLE + "not_found = \"404.html\"")
                        .body())
                .contains("404.html");
        assertThat(photon.deploy(guest("echo"), toml("bad", "1.0.0") + TABLE).body())
                .contains("no staticAssets came");
        assertThat(photon.deploy(site.with("../evil", ""), toml("bad", "1.0.0")).body())
                .contains("outside of the site");
        assertThat(photon.deploy(TestingSite.empty(), toml("bad", "1.0.0")).statusCode())
                .isEqualTo(400);
        assertThat(photon.get("/api/faas/v1/function/bad/versions").statusCode())
                .isEqualTo(404);
    }

    @Test
    void theFilesOfAVersionAreListed() throws Exception {
        var site = TestingSite.empty().with("b.txt", "b").with("a/a.txt", "abc");
        deployed(photon.deploy(site, toml("listed", "1.0.0")));
        deployed(photon.deploy(guest("echo"), toml("listed", "1.1.0")));

        var told = new JsonObject(
                get("/api/faas/v1/function/listed/assets?version=1.0.0").body());
        assertThat(told.getString("version")).isEqualTo("1.0.0");
        assertThat(told.getJsonArray("files"))
                .extracting(
                        file -> ((JsonObject) file).getString("path") + " " + ((JsonObject) file).getInteger("size"))
                .containsExactly("/a/a.txt 3", "/b.txt 1");
        assertThat(get("/api/faas/v1/function/listed/assets").statusCode()).isEqualTo(404);
        assertThat(get("/api/faas/v1/function/nobody/assets").statusCode()).isEqualTo(404);
    }

    /** Another ingress, with nothing on its disk, finds in the log what only an older bundle has. */
    @Test
    void aFileOutlivesTheVersionThatBroughtIt(@TempDir Path cache) throws Exception {
        var large = "0123456789".repeat(100_000);
        var site = TestingSite.empty().with("large.txt", large);
        deployed(photon.deploy(site.with("index.html", "one"), toml("shared", "1.0.0")));
        deployed(photon.deploy(site.with("index.html", "two"), toml("shared", "1.1.0")));
        assertThat(photon.delete("/api/faas/v1/function/shared/1.0.0").statusCode())
                .isEqualTo(200);

        try (var other =
                PhotonTester.start(kafka.bootstrap(), Set.of(Role.INGRESS), Map.of("PHOTON_CACHE", cache.toString()))) {
            assertThat(other.get("/fn/shared/large.txt").body()).isEqualTo(large);
            assertThat(other.get("/fn/shared/").body()).isEqualTo("two");
        }
    }

    @Test
    void filesNeedTheKeyThatTheirFunctionNeeds(@TempDir Path cache) throws Exception {
        var site = TestingSite.empty().with("index.html", "page");
        deployed(photon.deploy(site, toml("private", "1.0.0")));
        deployed(photon.deploy(site, "auth = \"public\"\n" + toml("open", "1.0.0")));

        var settings = Map.of("PHOTON_CACHE", cache.toString(), "PHOTON_API_KEY", "0123456789abcdef");
        try (var guarded = PhotonTester.start(kafka.bootstrap(), Set.of(Role.INGRESS), settings)) {
            assertThat(guarded.get("/fn/private/").statusCode()).isEqualTo(401);
            assertThat(guarded.get("/fn/open/").body()).isEqualTo("page");
            assertThat(header(guarded.get("/fn/open/"), "cache-control")).isEqualTo("public, no-cache");
            guarded.useKey("0123456789abcdef");
            assertThat(guarded.get("/fn/private/").body()).isEqualTo("page");
        }
    }

    /** A browser names the page's origin with whatever is no plain navigation (Fetch, section 3.1). */
    @Test
    void aPageOfOursMayCallFunctionsAndNoMore() throws Exception {
        deployed(photon.deploy(guest("echo"), TestingSite.empty().with("app.js", "script"), toml("page", "1.0.0")));
        var ours = photon.url("").toString();

        assertThat(get("/fn/page/app.js", "origin", ours).body()).isEqualTo("script");
        assertThat(send("POST", "/fn/page/api", "origin", ours).statusCode()).isEqualTo(200);
        assertThat(get("/fn/page/app.js", "origin", "http://example.com").statusCode())
                .isEqualTo(401);
        assertThat(get("/fn/page/app.js", "origin", "http://127.0.0.1:1").statusCode())
                .isEqualTo(401);
        assertThat(send("DELETE", "/api/faas/v1/function/page", "origin", ours).statusCode())
                .isEqualTo(401);
    }

    /** In a region where nothing else is used. */
    @Test
    void filesCountAsUsage() throws Exception {
        var settings = Map.of("PHOTON_TOPIC_PREFIX", "usage");
        try (var region = PhotonTester.start(kafka.bootstrap(), EnumSet.allOf(Role.class), settings)) {
            deployed(region.deploy(TestingSite.empty().with("used.txt", ALPHABET), toml("used", "1.0.0")));

            region.get("/fn/used/used.txt");

            await().untilAsserted(() -> assertThat(region.usage()).isEqualTo(new UsageTotals(1, 0, 0, 26)));
        }
    }

    @Test
    void tenThousandFilesAreOneDeployment() throws Exception {
        var files = new TreeMap<String, byte[]>();
        for (int i = 0; i < 10_000; i++) {
            files.put("folder-" + i % 100 + "/file-" + i + ".txt", ("content " + i).getBytes(UTF_8));
        }
        deployed(photon.deploy(new TestingSite(files), toml("many", "1.0.0")));

        assertThat(get("/fn/many/folder-77/file-4277.txt").body()).isEqualTo("content 4277");
        var listed = new JsonObject(get("/api/faas/v1/function/many/assets").body());
        assertThat(listed.getJsonArray("files", new JsonArray())).hasSize(10_000);
    }
}
