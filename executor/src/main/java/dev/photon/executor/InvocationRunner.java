package dev.photon.executor;

import dev.photon.executor.wasm.GuestThreads;
import dev.photon.executor.wasm.LargeAnswer;
import dev.photon.executor.wasm.LoadedFunction;
import dev.photon.metrics.VersionSeries;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.InvocationCodec;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.Pieces;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Target;
import dev.photon.protocol.Topics;
import dev.photon.registry.FunctionView;
import dev.photon.registry.Manifest;
import dev.photon.registry.Resolution;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one invocation from its record to its reply. Thread-safe; everything runs on guest threads, and nothing holds
 * one while it waits for the view, for its turn or for a function to be compiled.
 *
 * <pre>
 * record → decode → in time? → view there? → resolve → permit → body here? → function loaded? → run → reply → finished
 *             └ malformed, late: counted, finished
 * </pre>
 */
final class InvocationRunner implements Intake {
    private static final Logger LOG = LoggerFactory.getLogger(InvocationRunner.class);

    /** How far an ingress's clock may be behind ours before its invocations are taken for late. */
    private static final long ALLOWED_SKEW_MILLIS = 1_000;

    /** How long a reply is tried when the invocation has no deadline. */
    private static final long EVENT_REPLY_MILLIS = 120_000;

    /** What the runner works with, the same for every topic. */
    record Tools(
            FunctionView view,
            FunctionCache functions,
            RunPermits permits,
            Cancellations cancellations,
            LargeRequests bodies,
            GuestRunner guests,
            ReplySender replies,
            LargeAnswers largeAnswers,
            GuestThreads guestThreads,
            ExecutorMetrics metrics,
            VersionSeries<RunMeters> series,
            EventUsage usage) {}

    /** How the records of a topic are read: by the ingresses' contract, or by that of any publisher. */
    interface Decoder {
        Decoded<Invocation> decode(ConsumerRecord<byte[], byte[]> source);

        static Decoder internal() {
            return InvocationCodec::decode;
        }

        /** A reply to a topic of ours, or of Kafka's, would let a publisher write where only we do. */
        static Decoder entry(Topics topics) {
            return source -> {
                var decoded = InvocationCodec.decodeEntry(source);
                return decoded instanceof Decoded.Valid<Invocation> valid
                                && valid.value().replyTo() instanceof ReplyTo.Topic reply
                                && topics.isReserved(reply.name())
                        ? new Decoded.Malformed<>("the reply topic is a reserved one")
                        : decoded;
            };
        }
    }

    private final Tools tools;
    private final Decoder decoder;
    private final String executor;
    private final Malformed malformed;

    InvocationRunner(Tools tools, Decoder decoder, String executor, Malformed malformed) {
        this.tools = tools;
        this.decoder = decoder;
        this.executor = executor;
        this.malformed = malformed;
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> source, Work work) {
        var arrived = System.nanoTime();
        tools.guestThreads().execute(() -> begin(source, work, arrived));
    }

    private void begin(ConsumerRecord<byte[], byte[]> source, Work work, long arrived) {
        if (!work.wanted()) {
            return;
        }
        switch (decoder.decode(source)) {
            case Decoded.Valid<Invocation> valid -> {
                var attempt = new Attempt(valid.value(), work, arrived);
                attempt.guarded(attempt::resolve);
            }
            case Decoded.Malformed<Invocation> odd -> {
                malformed.skipped(source, odd.reason());
                work.finished();
            }
        }
    }

    /** One invocation on its way. Each step runs on a guest thread, one after the other. */
    private final class Attempt {
        private Invocation invocation;
        private final Work work;
        private final long arrived;
        /** Milliseconds from the arrival until the answer is not wanted any more; empty for events. */
        private final Optional<Long> budget;
        /** The function's name, once there is known to be one. */
        private Optional<String> function = Optional.empty();
        /** What measures the function, once there is known to be one. */
        private Optional<RunMeters> measured = Optional.empty();
        /** Between {@link #enter} and {@link #leave}. */
        private boolean inFlight;
        /** Held from before the function is loaded until it has run. */
        private Optional<RunPermits.Permit> permit = Optional.empty();
        /** Counts as held until the run is over. */
        private Optional<LargeRequests.Body> body = Optional.empty();

        Attempt(Invocation invocation, Work work, long arrived) {
            this.invocation = invocation;
            this.work = work;
            this.arrived = arrived;
            this.budget = invocation
                    .deadline()
                    .map(deadline -> deadline.leftMillis(System.currentTimeMillis() - ALLOWED_SKEW_MILLIS));
        }

        /** A fault of ours ends this invocation, with an answer, and nothing else. */
        void guarded(Runnable step) {
            try {
                step.run();
            } catch (RuntimeException | Error e) {
                LOG.atError()
                        .setCause(e)
                        .addKeyValue("invocation", invocation.id())
                        .log("invocation failed");
                fail(ErrorKind.INTERNAL, "the executor failed");
            }
        }

        void resolve() {
            if (late()) {
                expire();
                return;
            }
            switch (invocation.target()) {
                case Target.Resolved target -> {
                    var there = tools.view().awaitPosition(target.viewPosition());
                    if (there.isDone()) {
                        load(target);
                    } else {
                        there.orTimeout(leftMillis(), TimeUnit.MILLISECONDS)
                                .whenCompleteAsync(
                                        (seen, failure) -> guarded(() -> load(target)), tools.guestThreads());
                    }
                }
                case Target.Named target ->
                    load(tools.view().resolve(target.function(), target.version(), invocation::id));
            }
        }

        /** What the ingress chose, and not what was deployed under the same version since. */
        private void load(Target.Resolved target) {
            var found = tools.view().resolve(target.function(), Optional.of(target.version()), invocation::id);
            if (found instanceof Resolution.Found there
                    && !there.manifest().digest().equals(target.digest())) {
                fail(ErrorKind.NOT_FOUND, "the version was deleted and deployed again meanwhile");
                return;
            }
            load(found);
        }

        private void load(Resolution resolution) {
            switch (resolution) {
                case Resolution.Found found -> enter(found.manifest());
                case Resolution.NoFunction none -> fail(ErrorKind.NOT_FOUND, "there is no such function");
                case Resolution.NoVersion none -> fail(ErrorKind.NOT_FOUND, "the function has no such version");
            }
        }

        private void enter(Manifest manifest) {
            if (manifest.filesOnly()) {
                fail(ErrorKind.NOT_FOUND, "it has files, and no function");
                return;
            }
            function = Optional.of(manifest.name());
            var meters = tools.series().of(manifest.name(), manifest.version());
            measured = Optional.of(meters);
            inFlight = true;
            meters.began();
            var turn = tools.permits().enter(manifest.name(), manifest.limits().concurrency());
            if (turn.isDone()) {
                load(manifest, turn.join());
                return;
            }
            turn.orTimeout(leftMillis(), TimeUnit.MILLISECONDS)
                    .whenCompleteAsync(
                            (permitted, late) -> guarded(() -> {
                                if (late == null) {
                                    load(manifest, permitted);
                                } else {
                                    expire();
                                }
                            }),
                            tools.guestThreads());
        }

        private void load(Manifest manifest, RunPermits.Permit permitted) {
            permit = Optional.of(permitted);
            if (!work.wanted()) {
                leave();
            } else if (invocation.pieces().isPresent()) {
                fetch(manifest, invocation.pieces().get());
            } else {
                load(manifest);
            }
        }

        /** What did not fit the record, off these threads. */
        private void fetch(Manifest manifest, Pieces place) {
            tools.bodies()
                    .fetch(invocation, place, leftMillis())
                    .whenCompleteAsync(
                            (whole, failure) -> guarded(() -> {
                                if (failure == null) {
                                    body = Optional.of(whole);
                                    invocation = invocation.with(whole.bytes());
                                    load(manifest);
                                } else if (late()) {
                                    expire();
                                } else {
                                    LOG.atWarn()
                                            .addKeyValue("invocation", invocation.id())
                                            .addKeyValue("error", cause(failure).toString())
                                            .log("body could not be read");
                                    fail(ErrorKind.UNAVAILABLE, "the request's body could not be read from the log");
                                }
                            }),
                            tools.guestThreads());
        }

        private void load(Manifest manifest) {
            var loaded = tools.functions().loaded(manifest);
            if (loaded.isPresent()) {
                runInTurn(manifest, loaded.get(), 0);
                return;
            }
            var asked = System.nanoTime();
            var loading = tools.functions().load(manifest);
            await(manifest, loading.first(), first -> {
                if (loading.compiled().isDone() || !attempt(manifest, first, asked)) {
                    await(
                            manifest,
                            loading.compiled(),
                            it -> runInTurn(manifest, it, micros(System.nanoTime() - asked)));
                }
            });
        }

        private void await(
                Manifest manifest, CompletableFuture<LoadedFunction> function, Consumer<LoadedFunction> step) {
            if (function.isDone() && !function.isCompletedExceptionally()) {
                step.accept(function.join());
                return;
            }
            var inTime = function.copy().orTimeout(leftMillis(), TimeUnit.MILLISECONDS);
            inTime.whenCompleteAsync(
                    (loaded, failure) -> guarded(() -> {
                        if (failure == null) {
                            step.accept(loaded);
                        } else {
                            LOG.atWarn()
                                    .addKeyValue("function", manifest.name())
                                    .addKeyValue("version", manifest.version())
                                    .addKeyValue("error", cause(failure).toString())
                                    .log("function could not be loaded");
                            fail(ErrorKind.UNAVAILABLE, "the function could not be loaded");
                        }
                    }),
                    tools.guestThreads());
        }

        /** Whether the interpreter had the answer before the compiler had the code. */
        private boolean attempt(Manifest manifest, LoadedFunction interpreted, long asked) {
            if (late()) {
                return false;
            }
            var begun = System.nanoTime();
            var answer = tools.guests().attempt(interpreted, manifest, invocation, limitMillis(manifest));
            tools.metrics().attempted(answer.isPresent());
            answer.ifPresent(found -> ran(manifest, found, begun, micros(begun - asked)));
            return answer.isPresent();
        }

        /** The function's share of the threads bounds how many of its calls run. */
        private void runInTurn(Manifest manifest, LoadedFunction compiled, long coldMicros) {
            tools.guestThreads().run(manifest.name(), () -> guarded(() -> run(manifest, compiled, coldMicros)));
        }

        private void run(Manifest manifest, LoadedFunction compiled, long coldMicros) {
            if (late()) {
                expire();
                return;
            }
            if (tools.cancellations().has(invocation.id())) {
                leave();
                work.finished();
                return;
            }
            var begun = System.nanoTime();
            ran(manifest, outcome(manifest, compiled, begun, coldMicros), begun, coldMicros);
        }

        /** Only an ingress takes an answer that does not fit one record. */
        private Reply.Outcome outcome(Manifest manifest, LoadedFunction compiled, long begun, long coldMicros) {
            var limit = limitMillis(manifest);
            if (!(invocation.replyTo() instanceof ReplyTo.Ingress to)) {
                return tools.guests().run(compiled, manifest, invocation, limit, LargeAnswer.NONE);
            }
            var timing = timing(begun, coldMicros, 0);
            var large = tools.largeAnswers()
                    .open(to, start -> reply(Optional.of(manifest.version()), start, timing), giveUpNanos());
            try {
                return large.settle(tools.guests().run(compiled, manifest, invocation, limit, large));
            } catch (RuntimeException | Error e) {
                large.settle(new Reply.Failure(ErrorKind.INTERNAL, "the executor failed"));
                throw e;
            }
        }

        private void ran(Manifest manifest, Reply.Outcome outcome, long begun, long coldMicros) {
            var timing = timing(begun, coldMicros, micros(System.nanoTime() - begun));
            measured.ifPresent(meters -> meters.ran(timing.queued(), coldMicros, timing.run()));
            answer(Optional.of(manifest.version()), outcome, timing);
        }

        private Reply.Timing timing(long begun, long coldMicros, long runMicros) {
            var queued = Math.max(0, micros(begun - arrived) - coldMicros);
            return new Reply.Timing(executor, queued, coldMicros, runMicros);
        }

        private long limitMillis(Manifest manifest) {
            return Math.min(manifest.limits().timeoutMillis(), leftMillis());
        }

        private void leave() {
            permit.ifPresent(RunPermits.Permit::close);
            body.ifPresent(LargeRequests.Body::close);
            if (inFlight) {
                inFlight = false;
                measured.ifPresent(RunMeters::ended);
            }
        }

        private void expire() {
            leave();
            tools.metrics().expired();
            work.finished();
        }

        private void fail(ErrorKind kind, String message) {
            if (measured.isEmpty()) {
                tools.metrics().refused(kind);
            }
            var timing = new Reply.Timing(executor, micros(System.nanoTime() - arrived), 0, 0);
            answer(Optional.empty(), new Reply.Failure(kind, message), timing);
        }

        /** An answer that has begun is told to whom it concerns already. */
        private void answer(Optional<String> version, Reply.Outcome outcome, Reply.Timing timing) {
            leave();
            measured.ifPresent(meters -> meters.replied(invocation.body().length, outcome));
            if (outcome instanceof Reply.Begun) {
                finish(outcome);
                return;
            }
            var reply = reply(version, outcome, timing);
            tools.replies().send(invocation.replyTo(), reply, giveUpNanos(), () -> finish(outcome));
        }

        private Reply reply(Optional<String> version, Reply.Outcome outcome, Reply.Timing timing) {
            var instance = invocation.replyTo() instanceof ReplyTo.Ingress ingress
                    ? Optional.of(ingress.instance())
                    : Optional.<String>empty();
            return new Reply(invocation.id(), instance, version, outcome, timing);
        }

        private long giveUpNanos() {
            return arrived + TimeUnit.MILLISECONDS.toNanos(budget.orElse(EVENT_REPLY_MILLIS));
        }

        /** What is someone else's now is counted by whoever finishes it there. */
        private void finish(Reply.Outcome outcome) {
            if (work.wanted()) {
                function.ifPresent(name -> tools.usage().finished(invocation, name, outcome));
            }
            work.finished();
        }

        private boolean late() {
            return leftMillis() <= 0;
        }

        /** By this machine's monotonic clock, from the record's arrival. */
        private long leftMillis() {
            var since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - arrived);
            return budget.map(millis -> millis - since).orElse(Long.MAX_VALUE);
        }
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
