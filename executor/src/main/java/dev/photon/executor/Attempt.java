package dev.photon.executor;

import dev.photon.executor.wasm.LargeAnswer;
import dev.photon.executor.wasm.LoadedFunction;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Pieces;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Target;
import dev.photon.registry.Manifest;
import dev.photon.registry.Resolution;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One invocation on its way to its run. Each step is on a guest thread, one after the other. */
final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    private final InvocationRunner.Tools tools;
    private final Intake.Work work;
    private final Settlement settlement;

    Attempt(InvocationRunner.Tools tools, Intake.Work work, Settlement settlement) {
        this.tools = tools;
        this.work = work;
        this.settlement = settlement;
    }

    void start() {
        guarded(this::resolve);
    }

    /** A fault of ours ends this invocation, with an answer, and nothing else. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("invocation", settlement.invocation().id())
                    .log("invocation failed");
            settlement.fail(ErrorKind.INTERNAL, "the executor failed");
        }
    }

    private void resolve() {
        if (settlement.late()) {
            settlement.expire();
            return;
        }
        switch (settlement.invocation().target()) {
            case Target.Resolved target -> {
                var there = tools.view().awaitPosition(target.viewPosition());
                if (there.isDone()) {
                    load(target);
                } else {
                    there.orTimeout(settlement.leftMillis(), TimeUnit.MILLISECONDS)
                            .whenCompleteAsync((seen, failure) -> guarded(() -> load(target)), tools.guestThreads());
                }
            }
            case Target.Named target ->
                whenHere(
                        () -> tools.view().resolve(target.function(), target.version(), settlement.invocation()::id),
                        this::load);
        }
    }

    /** Content that is on its way from another region is awaited: calls until their deadline, events for as long as it takes. */
    private void whenHere(Supplier<Resolution> resolve, Consumer<Resolution> then) {
        var found = resolve.get();
        if (found instanceof Resolution.NotHere elsewhere && elsewhere.coming()) {
            tools.view()
                    .awaitContent(elsewhere.manifest())
                    .orTimeout(settlement.leftMillis(), TimeUnit.MILLISECONDS)
                    .whenCompleteAsync(
                            (there, failure) -> guarded(() -> then.accept(resolve.get())), tools.guestThreads());
        } else {
            then.accept(found);
        }
    }

    /** What the ingress chose, and not what was deployed under the same version since. */
    private void load(Target.Resolved target) {
        whenHere(
                () -> tools.view()
                        .resolve(target.function(), Optional.of(target.version()), settlement.invocation()::id),
                found -> load(target, found));
    }

    private void load(Target.Resolved target, Resolution found) {
        if (found instanceof Resolution.Found there
                && !there.manifest().digest().equals(target.digest())) {
            settlement.fail(ErrorKind.NOT_FOUND, "the version was deleted and deployed again meanwhile");
            return;
        }
        load(found);
    }

    private void load(Resolution resolution) {
        switch (resolution) {
            case Resolution.Found found -> enter(found.manifest());
            case Resolution.NoFunction none -> settlement.fail(ErrorKind.NOT_FOUND, "there is no such function");
            case Resolution.NoVersion none -> settlement.fail(ErrorKind.NOT_FOUND, "the function has no such version");
            case Resolution.NoneLeft none ->
                settlement.fail(ErrorKind.CONFLICT, "no version is left that the alias stands for");
            case Resolution.NotHere elsewhere ->
                settlement.fail(
                        ErrorKind.UNAVAILABLE,
                        elsewhere.coming()
                                ? "the version is on its way from region " + elsewhere.origin()
                                : "the version does not run in this region");
        }
    }

    private void enter(Manifest manifest) {
        if (manifest.filesOnly()) {
            settlement.fail(ErrorKind.NOT_FOUND, "it has files, and no function");
            return;
        }
        settlement.enter(manifest);
        var turn = tools.permits().enter(manifest.name(), manifest.concurrency());
        if (turn.isDone()) {
            load(manifest, turn.join());
            return;
        }
        turn.orTimeout(settlement.leftMillis(), TimeUnit.MILLISECONDS)
                .whenCompleteAsync(
                        (permitted, late) -> guarded(() -> {
                            if (late == null) {
                                load(manifest, permitted);
                            } else {
                                settlement.expire();
                            }
                        }),
                        tools.guestThreads());
    }

    private void load(Manifest manifest, RunPermits.Permit permitted) {
        settlement.hold(manifest, permitted);
        if (!work.wanted()) {
            settlement.leave();
            work.left();
        } else if (settlement.invocation().pieces().isPresent()) {
            fetch(manifest, settlement.invocation().pieces().get());
        } else {
            load(manifest);
        }
    }

    /** What did not fit the record, off these threads. */
    private void fetch(Manifest manifest, Pieces place) {
        tools.bodies()
                .fetch(settlement.invocation(), place, settlement.leftMillis())
                .whenCompleteAsync(
                        (whole, failure) -> guarded(() -> {
                            if (failure == null) {
                                settlement.hold(whole);
                                load(manifest);
                            } else if (settlement.late()) {
                                settlement.expire();
                            } else {
                                LOG.atWarn()
                                        .addKeyValue(
                                                "invocation",
                                                settlement.invocation().id())
                                        .addKeyValue("error", cause(failure).toString())
                                        .log("body could not be read");
                                settlement.fail(
                                        ErrorKind.UNAVAILABLE, "the request's body could not be read from the log");
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
        if (settlement.invocation().key().isPresent() || !work.mayRunTwice()) {
            // What the interpreter does not finish would run twice.
            await(manifest, loading.compiled(), it -> runInTurn(manifest, it, micros(System.nanoTime() - asked)));
            return;
        }
        await(manifest, loading.first(), first -> {
            if (loading.compiled().isDone() || !attempt(manifest, first, asked)) {
                await(manifest, loading.compiled(), it -> runInTurn(manifest, it, micros(System.nanoTime() - asked)));
            }
        });
    }

    private void await(Manifest manifest, CompletableFuture<LoadedFunction> function, Consumer<LoadedFunction> step) {
        if (function.isDone() && !function.isCompletedExceptionally()) {
            step.accept(function.join());
            return;
        }
        var inTime = function.copy().orTimeout(settlement.leftMillis(), TimeUnit.MILLISECONDS);
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
                        settlement.fail(ErrorKind.UNAVAILABLE, "the function could not be loaded");
                    }
                }),
                tools.guestThreads());
    }

    /** Whether the interpreter had the answer before the compiler had the code. */
    private boolean attempt(Manifest manifest, LoadedFunction interpreted, long asked) {
        if (settlement.late()) {
            return false;
        }
        var begun = System.nanoTime();
        var answer = tools.guests().attempt(interpreted, manifest, settlement.invocation(), limitMillis(manifest));
        tools.metrics().attempted(answer.isPresent());
        answer.ifPresent(found -> ran(manifest, found, begun, micros(begun - asked)));
        return answer.isPresent();
    }

    /** The function's share of the threads bounds how many of its calls run. */
    private void runInTurn(Manifest manifest, LoadedFunction compiled, long coldMicros) {
        tools.guestThreads().run(manifest.name(), () -> guarded(() -> run(manifest, compiled, coldMicros)));
    }

    private void run(Manifest manifest, LoadedFunction compiled, long coldMicros) {
        if (settlement.late()) {
            settlement.expire();
            return;
        }
        if (tools.cancellations().has(settlement.invocation().id())) {
            settlement.cancel();
            return;
        }
        var begun = System.nanoTime();
        ran(manifest, outcome(manifest, compiled, begun, coldMicros), begun, coldMicros);
    }

    /** Only an ingress takes an answer that does not fit one record, and none is kept. */
    private Reply.Outcome outcome(Manifest manifest, LoadedFunction compiled, long begun, long coldMicros) {
        var limit = limitMillis(manifest);
        if (!(settlement.invocation().replyTo() instanceof ReplyTo.Ingress to)
                || settlement.invocation().key().isPresent()) {
            return tools.guests()
                    .run(compiled, manifest, settlement.invocation(), limit, settlement.ways(LargeAnswer.NONE));
        }
        var timing = settlement.timing(begun, coldMicros, 0);
        var large = tools.largeAnswers()
                .open(
                        to,
                        start -> settlement.reply(Optional.of(manifest.version()), start, timing),
                        settlement.giveUpNanos());
        try {
            return large.settle(
                    tools.guests().run(compiled, manifest, settlement.invocation(), limit, settlement.ways(large)));
        } catch (RuntimeException | Error e) {
            large.settle(new Reply.Failure(ErrorKind.INTERNAL, "the executor failed"));
            throw e;
        }
    }

    private void ran(Manifest manifest, Reply.Outcome outcome, long begun, long coldMicros) {
        settlement.ran(manifest, outcome, settlement.timing(begun, coldMicros, micros(System.nanoTime() - begun)));
    }

    private long limitMillis(Manifest manifest) {
        return Math.min(manifest.limits().timeoutMillis(), settlement.leftMillis());
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
