package dev.photon.executor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.photon.executor.wasm.LoadedFunction;
import dev.photon.protocol.Reply;
import dev.photon.registry.Manifest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionCacheTest {
    @TempDir
    private Path folder;

    private TestingCache tester;
    private FunctionCache cache;
    private Manifest echo;

    @BeforeEach
    void open() throws Exception {
        tester = new TestingCache(folder);
        cache = tester.cache();
        echo = tester.deploy(TestingCache.guest("echo"));
    }

    @AfterEach
    void close() {
        tester.close();
    }

    @Test
    void answersByTheInterpreterUntilTheCompilerIsDone() {
        var compiled = cache.load(echo).compiled();
        var interpreted = cache.load(echo).first().join();

        assertThat(compiled).isNotDone();
        assertThat(TestingCache.run(interpreted)).isInstanceOf(Reply.Answer.class);

        tester.wanted().runAll();

        assertThat(compiled.join()).isNotSameAs(interpreted);
        assertThat(cache.loaded(echo)).containsSame(compiled.join());
        assertThat(TestingCache.run(compiled.join())).isInstanceOf(Reply.Answer.class);
    }

    @Test
    void loadsAScriptWithoutCompilingIt() throws Exception {
        var source = "export default { fetch: (request) => new Response(request.body) };";
        var script = tester.deploy(source.getBytes(UTF_8), "js");
        cache.deployed(script);

        var function = cache.load(script).compiled().join();

        assertThat(TestingCache.run(function)).isInstanceOf(Reply.Answer.class);
        assertThat(cache.loaded(script)).containsSame(function);
        assertThat(tester.ahead().waiting() + tester.wanted().waiting()).isZero();
    }

    @Test
    void loadsAModuleWhoseLanguageIsThatOfScripts() throws Exception {
        var module = tester.deploy(TestingCache.guest("echo"), "js");

        assertThat(TestingCache.run(cache.load(module).first().join())).isInstanceOf(Reply.Answer.class);
    }

    @Test
    void compilesOnceHoweverManyAsk() {
        var first = cache.load(echo).compiled();
        var second = cache.load(echo).compiled();
        cache.deployed(echo);
        cache.load(echo).first().join();

        tester.ahead().runAll();

        assertThat(first.join()).isSameAs(second.join());
        assertThat(tester.wanted().waiting()).isEqualTo(1);
    }

    @Test
    void compilesWhatWasDeployedWithoutLoadingIt() {
        cache.deployed(echo);
        tester.ahead().runAll();

        assertThat(tester.codes().has(echo.digest())).isTrue();
        assertThat(cache.size()).isZero();

        assertThat(TestingCache.run(load(echo))).isInstanceOf(Reply.Answer.class);
        assertThat(tester.wanted().waiting()).isZero();
    }

    @Test
    void doesNotCompileWhatIsOnDisk() {
        cache.deployed(echo);
        tester.ahead().runAll();

        cache.deployed(echo);

        assertThat(tester.ahead().waiting()).isZero();
    }

    @Test
    void dropsWhatWasNotCalledForTheIdleTime() {
        cache.deployed(echo);
        tester.ahead().runAll();
        var loaded = load(echo);
        tester.clock().pass(Duration.ofMinutes(9));
        assertThat(cache.loaded(echo)).containsSame(loaded);

        tester.clock().pass(Duration.ofMinutes(9));
        assertThat(cache.loaded(echo)).containsSame(loaded);
        tester.clock().pass(Duration.ofMinutes(11));

        assertThat(cache.loaded(echo)).isEmpty();
    }

    @Test
    void aFunctionSaysHowLongItMayBeIdle() throws Exception {
        var brief = tester.deploy(
                TestingCache.guest("handler-echo"), new Manifest.Scaling(0, 1, 1, Optional.of(5), "default"));
        cache.deployed(brief);
        tester.ahead().runAll();
        load(brief);
        tester.clock().pass(Duration.ofSeconds(4));
        assertThat(cache.loaded(brief)).isPresent();

        tester.clock().pass(Duration.ofSeconds(6));

        assertThat(cache.loaded(brief)).isEmpty();
    }

    @Test
    void whoCountsItsInstancesDoesNotKeepAFunctionLoaded() {
        cache.deployed(echo);
        tester.ahead().runAll();
        load(echo);
        tester.clock().pass(Duration.ofMinutes(9));
        assertThat(cache.warmInstances(echo)).isZero();

        tester.clock().pass(Duration.ofMinutes(2));

        assertThat(cache.loaded(echo)).isEmpty();
    }

    @Test
    void dropsWhatNoVersionNames() {
        cache.deployed(echo);
        tester.ahead().runAll();
        var loaded = load(echo);

        cache.unnamed(echo.digest());

        assertThat(cache.size()).isZero();
        assertThat(TestingCache.run(loaded)).isInstanceOf(Reply.Answer.class);
    }

    @Test
    void keepsNoMoreCodeThanItMay() throws Exception {
        var large = TestingCache.guest("env");
        for (int i = 0; i < 100; i++) {
            var version = tester.deploy(TestingCache.marked(large, i));
            cache.deployed(version);
            tester.ahead().runAll();
            load(version);
        }

        await().untilAsserted(() -> assertThat(cache.codeBytes()).isLessThanOrEqualTo(1 << 20));
        assertThat(cache.size()).isGreaterThan(10);
    }

    @Test
    void forgetsAFailure() throws Exception {
        var broken = tester.deploy("no module".getBytes(UTF_8));
        var failing = cache.load(broken).compiled();
        await().until(() -> tester.wanted().waiting() == 1);
        tester.wanted().runAll();
        await().until(failing::isCompletedExceptionally);

        await().untilAsserted(() -> assertThat(cache.load(broken).compiled()).isNotSameAs(failing));
    }

    private LoadedFunction load(Manifest manifest) {
        return cache.load(manifest).compiled().join();
    }
}
