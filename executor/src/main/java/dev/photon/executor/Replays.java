package dev.photon.executor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.executor.replay.Lines;
import dev.photon.executor.replay.ReplayRun;
import dev.photon.executor.replay.Stopped;
import dev.photon.executor.wasm.AnswerLost;
import dev.photon.executor.wasm.LargeAnswer;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Replay;
import dev.photon.protocol.Reply;
import dev.photon.protocol.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replays that this executor runs, a few at once and each on a thread of its own; their reports go the way of large
 * answers. Thread-safe.
 */
final class Replays implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);
    private static final int AT_ONCE = 2;
    private static final int OK = 200;
    private static final List<Header> REPORT = List.of(new Header("content-type", "application/x-ndjson"));
    /** How long a reply is tried. */
    private static final long REPLY_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final Duration GRACE = Duration.ofSeconds(3);

    /** What they share with calls. */
    record Tools(
            ReplySender replies,
            LargeAnswers answers,
            Cancellations cancellations,
            FunctionCache functions,
            GuestRunner guests,
            TakenBytes bytes) {}

    private final Tools tools;
    private final ReplayRun.Parts parts;
    private final String executor;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private Optional<LargeRequests> bodies = Optional.empty();

    Replays(Tools tools, ReplayRun.Parts parts, String executor) {
        this.tools = tools;
        this.parts = parts;
        this.executor = executor;
    }

    /**
     * Returns at once.
     *
     * @param finished runs when nothing of the replay is left
     */
    void begin(Replay wish, Runnable finished) {
        if (wish.isGivenUp(System.currentTimeMillis())) {
            LOG.atInfo()
                    .addKeyValue("replay", wish.id())
                    .log("replay dropped: its reader was told that nobody took it");
            finished.run();
        } else if (closed) {
            refuse(wish, ErrorKind.UNAVAILABLE, "the executor stops: start the replay again", finished);
        } else if (!room.tryAcquire()) {
            refuse(
                    wish,
                    ErrorKind.OVERLOADED,
                    "the executor runs " + AT_ONCE + " replays already: start it again when one of them has ended",
                    finished);
        } else {
            start(wish, finished);
        }
    }

    private void start(Replay wish, Runnable finished) {
        var thread = Thread.ofPlatform().daemon().name("replay-" + wish.id()).unstarted(() -> run(wish, finished));
        running.add(thread);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            left(thread);
            refuse(wish, ErrorKind.UNAVAILABLE, "the executor has no room for another thread", finished);
        }
    }

    private void left(Thread thread) {
        running.remove(thread);
        room.release();
    }

    /** Says that nobody runs it; whoever has heard of its begin takes no notice. */
    void lost(Replay wish, Runnable finished) {
        refuse(
                wish,
                ErrorKind.UNAVAILABLE,
                "the executor that may have begun the replay is gone: start it again",
                finished);
    }

    private void refuse(Replay wish, ErrorKind kind, String reason, Runnable finished) {
        reply(wish, new Reply.Failure(kind, reason), finished);
    }

    private void reply(Replay wish, Reply.Outcome outcome, Runnable finished) {
        tools.replies().send(wish.replyTo(), reply(wish, outcome), System.nanoTime() + REPLY_NANOS, finished);
    }

    private Reply reply(Replay wish, Reply.Outcome outcome) {
        return new Reply(
                wish.id(),
                Optional.of(wish.replyTo().instance()),
                Optional.of(wish.candidate().version()),
                outcome,
                new Reply.Timing(executor, Topics.DEFAULT_POOL, 0, 0, 0));
    }

    private void run(Replay wish, Runnable finished) {
        LOG.atInfo().addKeyValue("replay", wish.id()).log("replay begun");
        var report = tools.answers().open(wish.replyTo(), start -> reply(wish, start), System.nanoTime() + REPLY_NANOS);
        try (var awaited = tools.cancellations().await(wish.id())) {
            report.begin(OK, REPORT);
            settle(wish, report.settle(outcome(wish, awaited, report)), finished);
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).addKeyValue("replay", wish.id()).log("replay failed");
            settle(wish, report.settle(new Reply.Failure(ErrorKind.INTERNAL, "the executor failed")), finished);
        } finally {
            left(Thread.currentThread());
            LOG.atInfo().addKeyValue("replay", wish.id()).log("replay ended");
        }
    }

    private void settle(Replay wish, Reply.Outcome outcome, Runnable finished) {
        if (outcome instanceof Reply.Begun) {
            finished.run();
        } else {
            reply(wish, outcome, finished);
        }
    }

    private Reply.Outcome outcome(Replay wish, Cancellations.Awaited awaited, LargeAnswer report) {
        var until = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(wish.deadline().leftMillis(System.currentTimeMillis()));
        try (var runs = new ReplayRuns(tools, this::bodies)) {
            new ReplayRun(parts, wish, () -> require(awaited, until), lines(report)).run(runs);
            return report.end();
        } catch (InterruptedException e) {
            return new Reply.Failure(ErrorKind.UNAVAILABLE, "the executor stops");
        } catch (AnswerLost e) {
            return new Reply.Failure(ErrorKind.UNAVAILABLE, "the report could not be written to the event log");
        }
    }

    private static Lines lines(LargeAnswer report) {
        return line -> {
            var bytes = (line.encode() + "\n").getBytes(UTF_8);
            report.write(bytes, 0, bytes.length);
        };
    }

    private void require(Cancellations.Awaited awaited, long until) throws Stopped {
        if (closed) {
            throw new Stopped("the executor stops: start the replay again");
        }
        if (awaited.isOver()) {
            throw new Stopped("nobody reads the report any more");
        }
        if (System.nanoTime() - until > 0) {
            throw new Stopped("the time that a replay may take is over: replay a shorter stretch");
        }
    }

    /** Opened for the first that has some: most have none. */
    private synchronized LargeRequests bodies() {
        if (bodies.isEmpty()) {
            bodies = Optional.of(new LargeRequests(
                    parts.kafka(), parts.plan().topics().bodies(), "replays-" + executor, Executor.heldBytes()));
        }
        return bodies.get();
    }

    /** Has them end with a line that says so, and interrupts those that do not; returns when they have ended. */
    @Override
    public void close() {
        closed = true;
        try {
            awaitEnd();
            running.forEach(Thread::interrupt);
            awaitEnd();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeBodies();
    }

    private void awaitEnd() throws InterruptedException {
        var until = System.nanoTime() + GRACE.toNanos();
        for (var thread : running) {
            thread.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
        }
    }

    private synchronized void closeBodies() {
        bodies.ifPresent(LargeRequests::close);
    }
}
