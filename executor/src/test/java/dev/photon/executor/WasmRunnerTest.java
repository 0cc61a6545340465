package dev.photon.executor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.executor.outbound.OutboundClient;
import dev.photon.executor.wasm.Engine;
import dev.photon.executor.wasm.EventSink;
import dev.photon.executor.wasm.GuestLog;
import dev.photon.executor.wasm.GuestRequest;
import dev.photon.executor.wasm.LargeAnswer;
import dev.photon.executor.wasm.LoadedFunction;
import dev.photon.executor.wasm.RunLimits;
import dev.photon.executor.wasm.Watchdog;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.LogLevel;
import dev.photon.protocol.Refusals;
import dev.photon.protocol.RegionConfig;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Settings;
import dev.photon.protocol.Target;
import dev.photon.protocol.Topics;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.FunctionView;
import dev.photon.registry.Manifest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long the interpreter may try, and what is known of it when it came to nothing. */
class WasmRunnerTest {
    private static final int MOST_AT_ONCE = Runtime.getRuntime().availableProcessors();

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final Watchdog watchdog = new Watchdog();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private OutboundClient outbound;
    private FunctionView view;
    private FunctionLogs logs;
    private WasmRunner runner;
    private Manifest manifest;

    @BeforeEach
    void start() throws Exception {
        var nowhere = new KafkaConnection("127.0.0.1:1");
        var metrics = new ExecutorMetrics(new SimpleMeterRegistry());
        var settings = new Settings(key -> null);
        var region = RegionConfig.read(settings);
        view = new FunctionView(region, "instance");
        outbound = new OutboundClient(vertx, List.of());
        logs = new FunctionLogs("logs", "local", "instance", metrics, new Refusals(nowhere), kafka);
        runner = new WasmRunner(
                new Environments(view, Optional.empty()),
                logs,
                new WasmRunner.Outside(region, outbound, events -> {}),
                new NextFiles(new ArtifactStore(nowhere, new Topics("test"), folder), threads),
                RunCaps.read(settings),
                metrics);
        try (var cache = new TestingCache(folder)) {
            manifest = cache.deploy(TestingCache.guest("echo"));
        }
    }

    @AfterEach
    void stop() {
        logs.close();
        view.close();
        outbound.close();
        threads.shutdownNow();
        watchdog.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private LoadedFunction interpret(String guest) throws Exception {
        return new Engine(watchdog)
                .interpret(ByteBuffer.wrap(TestingCache.guest(guest)))
                .orElseThrow();
    }

    private Optional<Reply.Answer> attempt(LoadedFunction function) {
        var http = new Invocation.HttpHead("POST", "/", "", List.of());
        var invocation = new Invocation(
                "id",
                "source",
                new Target.Named("name", Optional.empty()),
                Optional.empty(),
                new ReplyTo.Nobody(),
                http,
                Optional.empty(),
                "body".getBytes(UTF_8));
        return runner.attempt(function, manifest, invocation, 30_000);
    }

    /** What was logged, once all of it has been sent. */
    private List<String> logged() {
        logs.close();
        return kafka.history().stream()
                .map(line -> new String(line.value(), UTF_8))
                .toList();
    }

    @Test
    void answersWhenTheInterpreterIsFastEnough() throws Exception {
        assertThat(attempt(interpret("echo")))
                .hasValueSatisfying(
                        answer -> assertThat(answer.body()).asString(UTF_8).isEqualTo("body"));
    }

    @Test
    void givesUpWhatTakesLongAndSaysNothingOfIt() throws Exception {
        assertThat(attempt(interpret("loop"))).isEmpty();
        assertThat(attempt(interpret("endless-log"))).isEmpty();

        assertThat(logged()).isEmpty();
    }

    @Test
    void givesUpWhatFailsAndSaysNothingOfIt() throws Exception {
        assertThat(attempt(interpret("trap"))).isEmpty();

        assertThat(logged()).isEmpty();
    }

    @Test
    void logsForAnAttemptThatCounts() {
        assertThat(attempt(new TestingFunction(log -> log.line(LogLevel.WARN, "counted"))))
                .isPresent();

        assertThat(logged()).singleElement().asString().contains("counted");
    }

    @Test
    void boundsWhatAnAttemptMayTake() {
        var function = new TestingFunction(log -> {});

        attempt(function);

        assertThat(function.limits.runMillis()).isEqualTo(100);
        assertThat(function.limits.answerBytes()).isLessThanOrEqualTo(Reply.MAX_BYTES);
    }

    @Test
    void triesNoMoreAtOnceThanThereAreProcessors() throws Exception {
        var other = new TestingFunction(log -> {});
        var entered = new CountDownLatch(MOST_AT_ONCE);
        var release = new CountDownLatch(1);
        var slow = new TestingFunction(log -> {
            entered.countDown();
            awaitQuietly(release);
        });
        var tried = IntStream.range(0, MOST_AT_ONCE)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> attempt(slow), threads))
                .toList();
        entered.await();

        assertThat(attempt(other)).isEmpty();
        assertThat(other.runs).hasValue(0);

        release.countDown();
        assertThat(tried).allSatisfy(one -> assertThat(one.join()).isPresent());
        assertThat(attempt(other)).isPresent();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A function of which a test sees how it is run. */
    private static final class TestingFunction implements LoadedFunction {
        private interface Action {
            void run(GuestLog log);
        }

        private final Action action;
        private final AtomicInteger runs = new AtomicInteger();
        private volatile RunLimits limits;

        TestingFunction(Action action) {
            this.action = action;
        }

        @Override
        public Reply.Outcome run(
                GuestRequest request,
                RunLimits given,
                GuestLog log,
                OutboundCalls calls,
                LargeAnswer large,
                EventSink events) {
            runs.incrementAndGet();
            limits = given;
            action.run(log);
            return new Reply.Answer(200, List.of(), new byte[0]);
        }

        @Override
        public long codeBytes() {
            return 0;
        }
    }
}
