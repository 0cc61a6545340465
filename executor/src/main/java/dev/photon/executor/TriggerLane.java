package dev.photon.executor;

import dev.photon.protocol.TriggerCommit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * A partition whose records run at least once. Its commits say how far records may have begun, so that the next owner
 * knows what this one may have died of:
 *
 * <pre>
 *   offset   4  5  6  7  8  9 10 11 12 13 14
 *            ■  ■  □  ■  □  □                       ■ finished  □ begun
 *                  ▲           ▲ next     ▲
 *                  committed              begun: nothing here or behind begins before a commit says so
 *
 *   after a death:   6 and 8 to 13 are suspects: one at a time, each attempt noted in a commit before it begins
 *   after a release: nothing was running, so there are none
 * </pre>
 */
class TriggerLane extends Lane {
    private final OffsetTracker tracker;
    private final TriggerIntake intake;
    private final int mostAttempts;
    private final TakenBytes.Share taken;
    private final long generation;
    private final Suspects suspects;
    private final NotedAttempts attempts;
    /** What the last commit of ours says that is safe. */
    private long begun;
    /** What the next one says at least. */
    private long promised;

    private Optional<Alone> prepared = Optional.empty();
    private int running;
    private boolean closing;

    /**
     * What is the same for all partitions.
     *
     * @param window unfinished records, beyond which no more are taken
     * @param mostAttempts after which a record is not run again
     */
    record Rules(TriggerIntake intake, int window, int mostAttempts, TakenBytes bytes) {}

    /** A suspect whose attempt is noted, and is to begin when that is committed. */
    private record Alone(ConsumerRecord<byte[], byte[]> source, int before) {}

    /** @param restored what the last commit says, or would if there was one, apart from what the tracker knows */
    TriggerLane(OffsetTracker tracker, Optional<OffsetAndMetadata> committed, Rules rules, TriggerCommit restored) {
        super(tracker, committed, rules.window());
        this.tracker = tracker;
        this.intake = rules.intake();
        this.mostAttempts = rules.mostAttempts();
        this.taken = rules.bytes().share();
        this.generation = restored.generation();
        this.suspects = new Suspects(restored.begun());
        this.attempts = new NotedAttempts(restored.attempts());
        this.begun = tracker.committable();
    }

    @Override
    synchronized Optional<OffsetAndMetadata> claim(long last) {
        // The attempts of suspects are noted one by one.
        if (last < Math.max(begun, suspects.end())) {
            return Optional.empty();
        }
        promised = Math.max(promised, last + 1 + window());
        return Optional.of(progress());
    }

    @Override
    String metadata(OffsetTracker finished, long committed) {
        return new TriggerCommit(
                        generation,
                        begun(committed),
                        attempts.all(),
                        finished.finished().from(committed))
                .encode(committed);
    }

    private long begun(long committed) {
        if (suspects.anyLeft(tracker.next())) {
            return Math.max(suspects.end(), promised);
        }
        return closing && running == 0 ? committed : Math.max(promised, tracker.next() + window());
    }

    @Override
    synchronized void committed(OffsetAndMetadata progress) {
        super.committed(progress);
        TriggerCommit.decode(progress.offset(), progress.metadata()).ifPresent(said -> begun = said.begun());
    }

    @Override
    void take(ConsumerRecord<byte[], byte[]> source) {
        if (begin(source.offset())) {
            taken.add(TakenBytes.of(source));
            if (!keepBack(source)) {
                run(source);
            }
        }
    }

    private synchronized boolean keepBack(ConsumerRecord<byte[], byte[]> source) {
        return suspects.keepBack(source);
    }

    private void run(ConsumerRecord<byte[], byte[]> source) {
        intake.accept(source, new Work(source, attemptsOf(source.offset()), false));
    }

    private synchronized int attemptsOf(long offset) {
        return attempts.of(offset);
    }

    @Override
    Optional<OffsetAndMetadata> nextAlone() {
        released().forEach(this::run);
        return prepare();
    }

    private synchronized List<ConsumerRecord<byte[], byte[]>> released() {
        return suspects.release();
    }

    /** What was prepared and could not be committed is prepared already. */
    private synchronized Optional<OffsetAndMetadata> prepare() {
        if (prepared.isEmpty() && !closing) {
            prepared = suspects.next(intake::isFree).map(this::noted);
        }
        return prepared.map(alone -> progress());
    }

    private Alone noted(ConsumerRecord<byte[], byte[]> source) {
        var before = attempts.of(source.offset());
        attempts.note(source.offset(), Math.min(mostAttempts, before + 1));
        return new Alone(source, before);
    }

    @Override
    void runAlone() {
        beginAlone().run();
    }

    private synchronized Runnable beginAlone() {
        var alone = prepared.orElseThrow();
        prepared = Optional.empty();
        var again = suspects.begin(alone.source());
        return again.orElseGet(
                () -> () -> intake.accept(alone.source(), new Work(alone.source(), alone.before(), true)));
    }

    @Override
    synchronized boolean full() {
        return suspects.anyWaiting() || super.full() || (taken.isTooMuch() && unfinished() > 0);
    }

    @Override
    synchronized boolean roomy() {
        return !suspects.anyWaiting() && super.roomy() && (!taken.isTooMuch() || unfinished() == 0);
    }

    @Override
    void close() {
        stop().forEach(Runnable::run);
    }

    private synchronized Collection<Runnable> stop() {
        closing = true;
        prepared.ifPresent(alone -> keep(alone.source().offset(), alone.before()));
        prepared = Optional.empty();
        return suspects.giveUp();
    }

    @Override
    void drop() {
        super.drop();
        taken.close();
        close();
    }

    @Override
    synchronized boolean idle() {
        return running == 0;
    }

    /** Whether nothing begins any more. Under the lock. */
    final boolean isOver() {
        return closing || isDropped();
    }

    /** Where what this record leads to is held back. */
    Optional<TriggerIntake.Holding> holding(Work work) {
        return Optional.empty();
    }

    /** Under the lock. */
    final OffsetTracker tracker() {
        return tracker;
    }

    final TakenBytes.Share taken() {
        return taken;
    }

    /** An attempt that was noted may have come to no run. Under the lock. */
    private void keep(long offset, int count) {
        if (count == 0) {
            attempts.forget(offset);
        } else {
            attempts.note(offset, count);
        }
    }

    /** One record on its way. */
    final class Work implements TriggerIntake.Taken {
        private final ConsumerRecord<byte[], byte[]> source;
        private final int before;
        private final boolean suspect;
        /** Attempts that the commit tells of, apart from one that was noted for what comes. */
        private int known;

        private boolean inside;
        private boolean over;

        private Work(ConsumerRecord<byte[], byte[]> source, int before, boolean suspect) {
            this.source = source;
            this.before = before;
            this.known = before;
            this.suspect = suspect;
        }

        long offset() {
            return source.offset();
        }

        @Override
        public int attempts() {
            return before;
        }

        @Override
        public boolean redelivered() {
            return suspect;
        }

        @Override
        public boolean wanted() {
            return !isDropped();
        }

        @Override
        public boolean begin() {
            synchronized (TriggerLane.this) {
                if (isOver()) {
                    keep(offset(), known);
                    return false;
                }
                inside = true;
                running++;
                return true;
            }
        }

        @Override
        public boolean hasNextOwner() {
            return true;
        }

        @Override
        public void waits(int count) {
            synchronized (TriggerLane.this) {
                known = count;
                keep(offset(), count);
                leave();
            }
        }

        @Override
        public void again(Runnable attempt) {
            if (!comesAlone(attempt)) {
                attempt.run();
            }
        }

        private boolean comesAlone(Runnable attempt) {
            synchronized (TriggerLane.this) {
                if (suspect && !isOver()) {
                    suspects.keepBack(source, attempt);
                    return true;
                }
                return false;
            }
        }

        @Override
        public void finished() {
            synchronized (TriggerLane.this) {
                if (!over) {
                    over = true;
                    attempts.forget(offset());
                    taken.add(-TakenBytes.of(source));
                    finish(offset());
                    leave();
                }
            }
        }

        /** Nothing of it runs. Under the lock. */
        void leave() {
            suspects.ended(offset());
            if (inside) {
                inside = false;
                running--;
                if (running == 0) {
                    TriggerLane.this.notifyAll();
                }
            }
        }

        /** It has run without killing anybody. Under the lock. */
        void survived() {
            keep(offset(), known);
            leave();
        }

        @Override
        public Optional<TriggerIntake.Holding> holding() {
            return TriggerLane.this.holding(this);
        }
    }
}
