package dev.photon.executor;

import dev.photon.executor.wasm.LargeAnswer;
import dev.photon.metrics.VersionSeries;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import dev.photon.protocol.Result;
import dev.photon.protocol.Topics;
import dev.photon.registry.Manifest;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What one attempt owes: the time it may take, what it holds until it ends, and its one end. For one thread after the
 * other.
 */
final class Settlement {
    /** How far an ingress's clock may be behind ours before its invocations are taken for late. */
    private static final long ALLOWED_SKEW_MILLIS = 1_000;

    /** How long a reply is tried when the invocation has no deadline. */
    private static final long EVENT_REPLY_MILLIS = 120_000;

    /** How long beyond the deadline an answer is tried to be stored. */
    private static final long STORING_NANOS = Result.STORING.toNanos();

    private final Outlet outlet;
    private final ExecutorMetrics metrics;
    private final VersionSeries<RunMeters> series;
    private final EventUsage usage;
    private final Load load;
    private final String executor;
    private final Intake.Work work;
    private final long arrived;
    /** Milliseconds from the arrival until the answer is not wanted any more; empty for events. */
    private final Optional<Long> budget;

    private Invocation invocation;
    /** The function's name, once there is known to be one. */
    private Optional<String> function = Optional.empty();

    private String pool = Topics.DEFAULT_POOL;
    /** What measures the function, once there is known to be one. */
    private Optional<RunMeters> measured = Optional.empty();
    /** Between {@link #enter} and {@link #leave}. */
    private boolean inFlight;
    /** Held from before the function is loaded until it has run. */
    private Optional<Turn> turn = Optional.empty();
    /** Counts as held until the run is over. */
    private Optional<LargeRequests.Body> body = Optional.empty();

    /** Of a call with a key. */
    private Optional<Turnout> turnout = Optional.empty();

    /** Decides what becomes of what a run came to, before anybody is answered. */
    interface Turnout {
        /**
         * @param ran whether the function did
         */
        void ended(Reply reply, boolean ran);

        /** It ended without an answer. */
        void abandoned();
    }

    /** What a run holds of the executor. */
    private record Turn(Manifest manifest, RunPermits.Permit permit) {}

    /**
     * @param outlet where the outcome goes
     * @param arrived by the monotonic clock, in nanoseconds
     */
    Settlement(
            InvocationRunner.Tools tools,
            Outlet outlet,
            String executor,
            Invocation invocation,
            Intake.Work work,
            long arrived) {
        this.outlet = outlet;
        this.metrics = tools.metrics();
        this.series = tools.series();
        this.usage = tools.usage();
        this.load = tools.load();
        this.executor = executor;
        this.invocation = invocation;
        this.work = work;
        this.arrived = arrived;
        this.budget = invocation
                .deadline()
                .map(deadline -> deadline.leftMillis(System.currentTimeMillis() - ALLOWED_SKEW_MILLIS));
    }

    Invocation invocation() {
        return invocation;
    }

    /** By which ways a run of it leaves the executor. */
    GuestRunner.Ways ways(LargeAnswer large) {
        return new GuestRunner.Ways(large, Optional.empty());
    }

    void decidedBy(Turnout decider) {
        turnout = Optional.of(decider);
    }

    /** Whether the partition is ours still. */
    boolean wanted() {
        return work.wanted();
    }

    boolean late() {
        return leftMillis() <= 0;
    }

    /** By this machine's monotonic clock, from the record's arrival. */
    long leftMillis() {
        var since = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - arrived);
        return budget.map(millis -> millis - since).orElse(Long.MAX_VALUE);
    }

    long giveUpNanos() {
        var deadline = arrived + TimeUnit.MILLISECONDS.toNanos(budget.orElse(EVENT_REPLY_MILLIS));
        return isKept() ? deadline + STORING_NANOS : deadline;
    }

    /** Whether what it comes to is what will be said of it, however often it is asked for. */
    private boolean isKept() {
        return invocation.replyTo() instanceof ReplyTo.Results
                || invocation.key().isPresent();
    }

    /** @param begun by the monotonic clock, in nanoseconds */
    Reply.Timing timing(long begun, long coldMicros, long runMicros) {
        var queued = Math.max(0, micros(begun - arrived) - coldMicros);
        return spent(queued, coldMicros, runMicros);
    }

    private Reply.Timing spent(long queued, long coldMicros, long runMicros) {
        return new Reply.Timing(executor, pool, queued, coldMicros, runMicros);
    }

    void enter(Manifest manifest) {
        function = Optional.of(manifest.name());
        pool = manifest.scaling().pool();
        var meters = series.of(manifest.name(), manifest.version());
        measured = Optional.of(meters);
        inFlight = true;
        meters.began();
    }

    void hold(Manifest manifest, RunPermits.Permit permit) {
        turn = Optional.of(new Turn(manifest, permit));
        if (isCall()) {
            load.began(manifest);
        }
    }

    /** The body came apart from its record. */
    void hold(LargeRequests.Body held) {
        body = Optional.of(held);
        invocation = invocation.with(held.bytes());
    }

    /** Gives back what was held. That is all where the work is someone else's now. */
    void leave() {
        turn.ifPresent(this::giveBack);
        turn = Optional.empty();
        body.ifPresent(LargeRequests.Body::close);
        if (inFlight) {
            inFlight = false;
            measured.ifPresent(RunMeters::ended);
        }
    }

    /** And not an event, for which nobody waits. */
    private boolean isCall() {
        return invocation.replyTo() instanceof ReplyTo.Ingress;
    }

    private void giveBack(Turn held) {
        if (isCall()) {
            load.ended(held.manifest());
        }
        held.permit().close();
    }

    void cancel() {
        leave();
        work.finished();
        turnout.ifPresent(Turnout::abandoned);
    }

    void expire() {
        metrics.expired();
        if (invocation.replyTo() instanceof ReplyTo.Topic) {
            // Nobody but us has told its publisher so.
            leave();
            var queued = micros(System.nanoTime() - arrived);
            var late = new Reply.Failure(ErrorKind.TIMEOUT, "its deadline was past before it could run");
            outlet.send(
                    invocation.replyTo(),
                    reply(Optional.empty(), late, spent(queued, 0, 0)),
                    giveUpNanos(),
                    work::finished);
        } else {
            cancel();
        }
    }

    void fail(ErrorKind kind, String message) {
        if (measured.isEmpty()) {
            metrics.refused(kind);
        }
        var queued = micros(System.nanoTime() - arrived);
        answer(Optional.empty(), new Reply.Failure(kind, message), spent(queued, 0, 0), false);
    }

    /** The same, past whoever decides. */
    void unanswered(ErrorKind kind, String message) {
        var queued = micros(System.nanoTime() - arrived);
        send(reply(Optional.empty(), new Reply.Failure(kind, message), spent(queued, 0, 0)));
    }

    /** Answers what the first call with this key was answered. */
    void replay(Reply first) {
        var queued = micros(System.nanoTime() - arrived);
        send(reply(first.version(), first.outcome().replayed(), spent(queued, 0, 0)));
    }

    void ran(Manifest manifest, Reply.Outcome outcome, Reply.Timing timing) {
        measured.ifPresent(meters -> meters.ran(timing.queued(), timing.coldStart(), timing.run()));
        answer(Optional.of(manifest.version()), outcome, timing, true);
    }

    /** An answer that has begun is told to whom it concerns already. */
    private void answer(Optional<String> version, Reply.Outcome outcome, Reply.Timing timing, boolean ran) {
        leave();
        measured.ifPresent(meters -> meters.replied(invocation.body().length, outcome));
        if (outcome instanceof Reply.Begun) {
            finish(outcome);
            return;
        }
        var reply = reply(version, outcome, timing);
        if (turnout.isPresent()) {
            turnout.get().ended(reply, ran);
        } else {
            send(reply);
        }
    }

    /** The last of it. */
    void send(Reply reply) {
        if (isLeftToNextOwner(reply.outcome())) {
            work.finished();
            return;
        }
        outlet.send(invocation.replyTo(), reply, giveUpNanos(), () -> finish(reply.outcome()));
    }

    /** That we stop, or fail, must not be the last word on a call which someone else runs. */
    private boolean isLeftToNextOwner(Reply.Outcome outcome) {
        return (isKept() || invocation.replyTo() instanceof ReplyTo.Topic)
                && !work.wanted()
                && outcome instanceof Reply.Failure failure
                && (failure.kind() == ErrorKind.UNAVAILABLE || failure.kind() == ErrorKind.INTERNAL);
    }

    Reply reply(Optional<String> version, Reply.Outcome outcome, Reply.Timing timing) {
        var instance = invocation.replyTo() instanceof ReplyTo.Ingress ingress
                ? Optional.of(ingress.instance())
                : Optional.<String>empty();
        return new Reply(invocation.id(), instance, version, outcome, timing);
    }

    /** What is someone else's now is counted by whoever finishes it there. */
    private void finish(Reply.Outcome outcome) {
        if (work.wanted()) {
            function.ifPresent(name -> usage.finished(invocation, name, outcome));
        }
        work.finished();
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }
}
