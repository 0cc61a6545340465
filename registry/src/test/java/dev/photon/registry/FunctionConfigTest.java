package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.photon.protocol.LogLevel;
import dev.photon.protocol.TopicPlan;
import dev.photon.protocol.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionConfigTest {
    private static final String LEAST = "name = \"hello\"\nversion = \"1.0.0\"\n";

    @Test
    void readsEveryKeyOfAPhotoniqFile() throws Refused {
        var config = FunctionConfig.parse("""
            name = "hello"
            version = "1.2.3-rc.1+build.5"
            description = "says hello"
            lang = "rust"
            execute_url_suffix = "/my/path"

            [cors_settings]
            allowed_methods = ["GET", "POST"]
            allowed_hosts = ["api.example.com"]
            allow_http = false

            [log_settings]
            enabled = true
            level = "INFO"

            [env_vars]
            GREETING = "hello"
            _UNDERSCORED2 = ""
            TOKEN = { secret = "token.v2" }

            [resource_settings]
            cpu = "1000m"
            mem = "200M"
            """);

        assertThat(config)
                .isEqualTo(new FunctionConfig(
                        "hello",
                        "1.2.3-rc.1+build.5",
                        "says hello",
                        "rust",
                        Map.of("GREETING", "hello", "_UNDERSCORED2", ""),
                        Map.of("TOKEN", "token.v2"),
                        Generated.limits(30_000, 200_000_000 / 65_536),
                        new Manifest.Outbound(Set.of("GET", "POST"), List.of("api.example.com"), false),
                        true,
                        Manifest.Scaling.DEFAULT,
                        Placement.EVERYWHERE,
                        "/my/path",
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Manifest.Auth.KEY,
                        new Manifest.Logs(true, LogLevel.INFO),
                        false,
                        Assets.Rules.DEFAULT,
                        List.of("resource_settings.cpu")));
    }

    @Test
    void takesWhatItDoesNotKnowAndWarns() throws Refused {
        var config = FunctionConfig.parse("nmae = \"typo\"\n" + LEAST
                + "[log_settings]\nlevle = \"INFO\"\n[scaling]\nnin = 1\n[[queues]]\ntopic = \"a\"\n");

        assertThat(config.warning())
                .contains("of photoniq.toml has no effect: nmae, log_settings.levle, scaling.nin, queues");
        assertThat(FunctionConfig.parse(LEAST).warning()).isEmpty();
    }

    @Test
    void needsOnlyANameAndAVersion() throws Refused {
        assertThat(FunctionConfig.parse(LEAST))
                .isEqualTo(new FunctionConfig(
                        "hello",
                        "1.0.0",
                        "",
                        "",
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
                        Manifest.Auth.KEY,
                        new Manifest.Logs(true, LogLevel.INFO),
                        false,
                        Assets.Rules.DEFAULT,
                        List.of()));
    }

    @Test
    void readsWhatARunMayTake() throws Refused {
        var config = FunctionConfig.parse(LEAST + """
            [runtime]
            timeout_ms = 100
            reuse = false
            max_answer = "10k"
            max_log = 0
            max_outbound_calls = 3
            max_concurrency = 4
            max_tmp = "1Mi"
            [cors_settings]
            allowed_methods = ["GET"]
            allowed_hosts = ["*.example.com:8443"]
            allow_http = true
            """);

        assertThat(config.limits()).isEqualTo(new Manifest.Limits(100, 2_048, 10_000, 0, 3, 4, 1 << 20));
        assertThat(config.reuse()).isFalse();
        assertThat(config.outbound())
                .isEqualTo(new Manifest.Outbound(Set.of("GET"), List.of("*.example.com:8443"), true));
        assertThat(config.warning()).isEmpty();
    }

    @Test
    void readsWhatMayBePublished() throws Refused {
        var config = FunctionConfig.parse(LEAST + """
            [events]
            topics = ["orders.created", "audit", "audit"]
            max_events = 1000
            max_bytes = "4Mi"
            """);

        assertThat(config.outbound().events())
                .isEqualTo(new Manifest.Events(List.of("audit", "orders.created"), 1_000, 4 << 20));
        assertThat(config.warning()).isEmpty();
        assertThat(FunctionConfig.parse(LEAST + "[events]\ntopic = \"a\"\n").warning())
                .hasValue("of photoniq.toml has no effect: events.topic");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "topics = \"a\"",
                "topics = [\"..\"]",
                "topics = [\"a/b\"]",
                "topics = [\"\"]",
                "max_events = 0",
                "max_events = 1001",
                "max_bytes = \"5Mi\""
            })
    void refusesEventsThatCannotBe(String line) {
        assertThat(refusal(LEAST + "[events]\n" + line + "\n")).startsWith("events.");
    }

    @Test
    void whatIsDeliveredExactlyOncePublishesNothingElse() throws Refused {
        var plan = new TopicPlan(new Topics("photon"), 1, (short) 1, List.of(), List.of(), List.of());
        var trigger = "[[triggers]]\ntopic = \"a\"\noutput = \"b\"\n";
        var events = LEAST + "[events]\ntopics = [\"c\"]\n" + trigger;
        EventSettings.requireAllowed(FunctionConfig.parse(events), plan);

        var exact = FunctionConfig.parse(events + "delivery = \"exactly-once\"\n");

        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> EventSettings.requireAllowed(exact, plan))
                .withMessageContaining("no part of the transaction");
    }

    @Test
    void readsHowFilesAreServed() throws Refused {
        var config = FunctionConfig.parse(LEAST + """
            [static_assets]
            dir = "dist"
            spa = true
            not_found = "errors/404.html"
            function_first = ["/api/*", "/login"]
            """);

        assertThat(config.site()).isTrue();
        assertThat(config.assets()).isEqualTo(new Assets.Rules(true, "/errors/404.html", List.of("/api/*", "/login")));
        assertThat(config.warning()).isEmpty();
        assertThat(FunctionConfig.parse(LEAST + "[static_assets]\nfunction_first = true")
                        .assets()
                        .functionFirst())
                .containsExactly("*");
        assertThat(FunctionConfig.parse(LEAST + "[static_assets]\nfunction_first = false")
                        .assets())
                .isEqualTo(Assets.Rules.DEFAULT);
    }

    @Test
    void aPathIsForTheFunctionAsThePatternsSay() {
        var rules = new Assets.Rules(false, "", List.of("/api/*", "/login"));

        assertThat(List.of("/api/", "/api/a/b", "/login")).allMatch(rules::isForFunction);
        assertThat(List.of("", "/", "/api", "/login/", "/index.html")).noneMatch(rules::isForFunction);
        assertThat(List.of("", "/", "/index.html")).allMatch(new Assets.Rules(false, "", List.of("*"))::isForFunction);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[static_assets]~spa = \"yes\"|static_assets.spa must be true or false",
                "[static_assets]~not_found = \"/404.html\"|static_assets.not_found must be a file",
                "[static_assets]~not_found = \"\"|static_assets.not_found must be a file",
                "[static_assets]~function_first = \"/api\"|static_assets.function_first must be true, or a list",
                "[static_assets]~function_first = [\"api\"]|static_assets.function_first has an entry",
                "[static_assets]~function_first = [\"/a*b\"]|static_assets.function_first has an entry",
                "[runtime]~timeout_ms = 900001|runtime.timeout_ms must be a whole number from 1 to 900000",
                "[runtime]~max_answer = \"2G\"|runtime.max_answer",
                "[runtime]~max_log = \"much\"|runtime.max_log",
                "[runtime]~max_concurrency = 0|runtime.max_concurrency",
                "[runtime]~reuse = \"no\"|runtime.reuse must be true or false",
                "[cors_settings]~allow_http = 1|cors_settings.allow_http must be true or false",
                "[cors_settings]~allowed_hosts = \"a\"|cors_settings.allowed_hosts must be a list",
                "[cors_settings]~allowed_hosts = [\"https://a.example\"]|cors_settings.allowed_hosts",
                "[cors_settings]~allowed_methods = [\"get it\"]|cors_settings.allowed_methods"
            })
    void refusesLimitsThatAreNone(String toml, String reason) {
        assertThat(refusal(LEAST + toml.replace('~', '\n'))).contains(reason);
    }

    @Test
    void readsRoutes() throws Refused {
        var config = FunctionConfig.parse(LEAST + """
            [[routes]]
            path = "/shop/*"
            [[routes]]
            path = "/users/{id}/caf%C3%A9"
            methods = ["GET", "PUT"]
            host = "*.Example.com"
            """);

        assertThat(config.routes())
                .containsExactly(
                        new Route("", "/shop/*", Set.of()),
                        new Route("*.example.com", "/users/{id}/caf%C3%A9", Set.of("GET", "HEAD", "PUT")));
        assertThat(config.warning()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop",
                "/a b",
                "/shop*",
                "/*/shop",
                "/{id",
                "/{}",
                "/a{id}",
                "/..",
                "/a/%2e%2e/b",
                "/%zz",
                "/%00",
                "/a?b=c",
                "/fn/x",
                "/api/faas",
                "/api/faas/v1/*",
                "/metrics",
                "/openapi.json"
            })
    void refusesPathsThatNoRouteCanHave(String path) {
        assertThat(refusal(LEAST + "[[routes]]\npath = \"" + path + "\"\n")).contains("routes.path");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[routes]~path = \"/a\"|[[routes]]",
                "[[routes]]~host = \"a.example\"|routes.path",
                "[[routes]]~path = \"/a\"~method = [\"GET\"]|no 'method'",
                "[[routes]]~path = \"/a\"~methods = \"GET\"|routes.methods",
                "[[routes]]~path = \"/a\"~methods = []|routes.methods",
                "[[routes]]~path = \"/a\"~methods = [\"get\"]|no method: get",
                "[[routes]]~path = \"/a\"~host = \"a.example:80\"|routes.host",
                "[[routes]]~path = \"/a\"~host = \"*\"|routes.host",
                "[[routes]]~path = \"/{a}\"~[[routes]]~path = \"/{b}\"|are the same"
            })
    void refusesRoutesThatAreNone(String toml, String reason) {
        assertThat(refusal(LEAST + toml.replace('~', '\n'))).contains(reason);
    }

    @Test
    void readsWhatPagesOfOtherOriginsMayDo() throws Refused {
        var config = FunctionConfig.parse(LEAST + """
            [cors]
            allowed_origins = ["https://*.example.com", "http://localhost:5173"]
            allowed_methods = ["PUT"]
            allowed_headers = ["content-type"]
            exposed_headers = ["x-total"]
            allow_credentials = true
            max_age_seconds = 60
            """);

        assertThat(config.cors())
                .contains(new CorsRules(
                        List.of("https://*.example.com", "http://localhost:5173"),
                        Set.of("PUT"),
                        List.of("content-type"),
                        List.of("x-total"),
                        true,
                        60));
        assertThat(config.warning()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|cors.allowed_origins must name",
                "allowed_origins = [\"example.com\"]|cors.allowed_origins",
                "allowed_origins = [\"https://example.com/\"]|cors.allowed_origins",
                "allowed_origins = [\"https://Example.com\"]|cors.allowed_origins",
                "allowed_origins = [\"*\"]~allow_credentials = true|allow_credentials",
                "allowed_origins = [\"https://a.example\"]~allowed_headers = [\"a b\"]|cors.allowed_headers",
                "allowed_origins = [\"https://a.example\"]~max_age_seconds = -1|cors.max_age_seconds"
            })
    void refusesOriginsThatAreNone(String toml, String reason) {
        var table = toml == null ? "" : toml.replace('~', '\n');
        assertThat(refusal(LEAST + "[cors]\n" + table)).contains(reason);
    }

    @Test
    void readsAPathOfTheFunctionsOwn() throws Refused {
        assertThat(FunctionConfig.parse(LEAST + "execute_url_suffix = \"/shop/v1/\"\n")
                        .urlSuffix())
                .isEqualTo("/shop/v1");
        for (var wrong : List.of("shop", "/a//b", "/..", "/a b", "/api", "/api/faas", "/fn/x", "/metrics", "/%2e")) {
            assertThat(refusal(LEAST + "execute_url_suffix = \"" + wrong + "\"\n"))
                    .as(wrong)
                    .contains("execute_url_suffix");
        }
    }

    @Test
    void saysTheLineAndColumnOfWhatDoesNotParse() {
        assertThat(refusal("name = \"hello\"\nversion = = \"1.0.0\"\n"))
                .contains("line 2")
                .contains("column 1");
        assertThat(refusal(LEAST + "name = \"again\"\n")).contains("line").contains("Duplicate key");
    }

    @Test
    void saysWhichKeyIsMissing() {
        assertThat(refusal("")).contains("'name'");
        assertThat(refusal("version = \"1.0.0\"")).contains("'name'");
        assertThat(refusal("name = \"hello\"")).contains("'version'");
        assertThat(refusal("name = \"hello\"\nversion = 1.0")).contains("'version'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "A",
                "0",
                "hello-world_2",
                "a234567890123456789012345678901234567890123456789012345678901234"
            })
    void aNameIsLettersDigitsDashesAndUnderscores(String name) throws Refused {
        assertThat(FunctionConfig.parse("name = '" + name + "'\nversion = '1.0.0'")
                        .name())
                .isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "_a",
                "a b",
                "a/b",
                "../a",
                "a.b",
                "é",
                "a2345678901234567890123456789012345678901234567890123456789012345"
            })
    void anythingElseIsNoName(String name) {
        assertThat(refusal("name = '" + name + "'\nversion = '1.0.0'")).contains("name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0", "1.0.0", "1.0.0-alpha.1", "1.0.0+20260101", "1.0.0-0.3.7", "10.20.30-x-y-z.4+a.b"})
    void aVersionIsASemanticVersion(String version) throws Refused {
        assertThat(FunctionConfig.parse("name = 'a'\nversion = '" + version + "'")
                        .version())
                .isEqualTo(version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.0", "latest", "01.0.0", "1.0.0-01", "1.0.0-", "v1.0.0", " 1.0.0", "1.0.0 "})
    void anythingElseIsNoVersion(String version) {
        assertThat(refusal("name = 'a'\nversion = '" + version + "'")).contains("version");
    }

    @Test
    void aVersionThatIsTooLongToReadIsRefused() {
        assertThat(refusal("name = 'a'\nversion = '1.0.0-" + "a.".repeat(20_000) + "a'"))
                .contains("version");
    }

    @ParameterizedTest
    @CsvSource({
        "\"200M\", 3051",
        "\"64Mi\", 1024",
        "\"64Ki\", 1",
        "200000000, 3051",
        "\"4G\", 32767",
        "\"16E\", 32767",
        "\"70000000m\", 1"
    })
    void memoryIsAQuantityInWholePagesUpToWhatCanBeAddressed(String mem, int pages) throws Refused {
        assertThat(FunctionConfig.parse(LEAST + "[resource_settings]\nmem = " + mem)
                        .limits()
                        .memoryPages())
                .isEqualTo(pages);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"many\"", "\"-1M\"", "0", "\"65535\"", "true", "[]", "{}", "1.5"})
    void anyOtherMemoryIsRefused(String mem) {
        assertThat(refusal(LEAST + "[resource_settings]\nmem = " + mem)).contains("resource_settings.mem");
    }

    @Test
    void theTimeLimitIsUpTo15Minutes() throws Refused {
        assertThat(FunctionConfig.parse(LEAST + "[runtime]\ntimeout_ms = 900000")
                        .limits()
                        .timeoutMillis())
                .isEqualTo(900_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "900001", "99999999999999999999", "\"5\"", "true", "nan", "1.5"})
    void anyOtherTimeLimitIsRefused(String millis) {
        assertThat(refusal(LEAST + "[runtime]\ntimeout_ms = " + millis)).contains("runtime.timeout_ms");
    }

    @Test
    void valuesOfTheEnvironmentAreReadAsText() throws Refused {
        assertThat(FunctionConfig.parse(LEAST + "[env_vars]\nTEXT = \"a\"\nNUMBER = 5\nTRUTH = true\n")
                        .env())
                .isEqualTo(Map.of("TEXT", "a", "NUMBER", "5", "TRUTH", "true"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"1A\" = \"\"",
                "\"A-B\" = \"\"",
                "\"\" = \"\"",
                "\"A=B\" = \"\"",
                "A = [1]",
                "A = {b = 1}",
                "A = \"\\u0000\""
            })
    void variablesThatNoEnvironmentCanHoldAreRefused(String variable) {
        assertThat(refusal(LEAST + "[env_vars]\n" + variable)).contains("env_vars");
    }

    /** A refusal travels in a record's header, and the environment in a manifest's record: neither may outgrow it. */
    @Test
    void aFileWhoseManifestWouldNotFitARecordIsRefused() {
        assertThat(refusal(LEAST + "[env_vars]\nA = '" + "\"".repeat(600_000) + "'"))
                .contains("at most 65536");
    }

    @Test
    void aRefusalIsShortHoweverLongTheText() {
        assertThat(refusal("x = 1" + "0".repeat(100_000)).getBytes(UTF_8)).hasSizeLessThan(2_000);
    }

    @Property(tries = 3000)
    void whateverTheTextItIsReadOrRefused(@ForAll("texts") String toml) {
        assertThat(parse(toml)).isNotNull();
    }

    @Provide
    Arbitrary<String> texts() {
        var pieces = Arbitraries.of(
                "name = 'a'",
                "version = '1.0.0'",
                "[env_vars]",
                "[resource_settings]",
                "mem = 1",
                "[runtime]",
                "[[x]]",
                "timeout_ms = 1",
                "\n",
                "=",
                "\"",
                "'",
                "'''",
                "{",
                "}",
                "[",
                "]",
                ".",
                "1979-05-27",
                "0x",
                "1e400",
                "#",
                "\\u0041",
                "inf",
                "-",
                "_",
                ",");
        return Arbitraries.oneOf(
                pieces.list().ofMaxSize(12).map(list -> String.join("", list)),
                pieces.list().ofMaxSize(12).map(list -> String.join("\n", list)),
                Arbitraries.strings().ofMaxLength(60));
    }

    private static Optional<FunctionConfig> parse(String toml) {
        try {
            return Optional.of(FunctionConfig.parse(toml));
        } catch (Refused e) {
            return Optional.empty();
        }
    }

    private static String refusal(String toml) {
        var refused = catchThrowableOfType(Refused.class, () -> FunctionConfig.parse(toml));
        assertThat(refused).as("a refusal").isNotNull();
        return refused.verdict().reason();
    }
}
