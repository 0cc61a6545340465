package dev.photon.executor.replay;

import dev.photon.executor.wasm.LargeAnswer;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Pieces;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import dev.photon.registry.Manifest;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Runs both versions for a record, on the calling thread, and compares. What differs is run once more in both, so that
 * what differs by chance does not pass for a difference. Thread-safe.
 */
final class Trial {
    /** How often a version is tried that could not be run, since there was no memory, say. */
    private static final int TRIES = 5;

    private static final long REST_MILLIS = 200;

    private final RecordSource records;
    private final Versions versions;
    private final Runs runs;
    private final boolean keepsOutputs;

    /**
     * @param keepsOutputs whether the candidate's answers are wanted
     */
    Trial(RecordSource records, Versions versions, Runs runs, boolean keepsOutputs) {
        this.records = records;
        this.versions = versions;
        this.runs = runs;
        this.keepsOutputs = keepsOutputs;
    }

    Finding of(ConsumerRecord<byte[], byte[]> source) throws InterruptedException {
        return switch (records.decode(source)) {
            case Decoded.Malformed<Invocation> odd -> new Finding.Malformed(source);
            case Decoded.Valid<Invocation> valid -> of(source, valid.value());
        };
    }

    private Finding of(ConsumerRecord<byte[], byte[]> source, Invocation read) throws InterruptedException {
        var baseline = versions.baseline().apply(read);
        if (baseline.isEmpty()) {
            return new Finding.NoBaseline(source);
        }
        if (read.pieces().isEmpty()) {
            return compare(source, baseline.get(), read);
        }
        return withBody(source, baseline.get(), read, read.pieces().get());
    }

    private Finding withBody(ConsumerRecord<byte[], byte[]> source, Manifest baseline, Invocation read, Pieces place)
            throws InterruptedException {
        try {
            var found = runs.body(read, place);
            if (found.isEmpty()) {
                return new Finding.NotRetained(source);
            }
            try (var body = found.get()) {
                return compare(source, baseline, read.with(body.bytes()));
            }
        } catch (Runs.Unread e) {
            return new Finding.NotRun(source, e.getMessage());
        }
    }

    /** One run, with its answer where that is wanted. */
    private record Attempt(Observed observed, Optional<Reply.Answer> output) {
        Optional<String> problem() {
            return observed.failure()
                    .filter(failure -> failure.kind() == ErrorKind.UNAVAILABLE)
                    .map(Reply.Failure::message);
        }
    }

    private record Pair(Attempt baseline, Attempt candidate) {
        Optional<String> problem() {
            return baseline.problem().or(candidate::problem);
        }

        boolean calls() {
            return baseline.observed().effects().calls() > 0
                    || candidate.observed().effects().calls() > 0;
        }

        List<String> differences() {
            return baseline.observed().differences(candidate.observed());
        }

        boolean isAsBefore(Pair first) {
            return baseline.observed().differences(first.baseline.observed()).isEmpty()
                    && candidate
                            .observed()
                            .differences(first.candidate.observed())
                            .isEmpty();
        }
    }

    private Finding compare(ConsumerRecord<byte[], byte[]> source, Manifest baseline, Invocation invocation)
            throws InterruptedException {
        var first = pair(source, baseline, invocation);
        if (first.problem().isPresent()) {
            return new Finding.NotRun(source, first.problem().get());
        }
        if (first.calls()) {
            return ran(source, Finding.Kind.CALLED, first);
        }
        if (first.differences().isEmpty()) {
            return ran(source, Finding.Kind.SAME, first);
        }
        var second = pair(source, baseline, invocation);
        if (second.problem().isPresent()) {
            return new Finding.NotRun(source, second.problem().get());
        }
        return ran(source, second.isAsBefore(first) ? Finding.Kind.DIFFERENT : Finding.Kind.UNSTABLE, first);
    }

    private static Finding ran(ConsumerRecord<byte[], byte[]> source, Finding.Kind kind, Pair pair) {
        return new Finding.Ran(
                source,
                kind,
                pair.differences(),
                pair.baseline().observed(),
                pair.candidate().observed(),
                pair.candidate().output());
    }

    /** Who comes second finds warm caches, so they take turns. */
    private Pair pair(ConsumerRecord<byte[], byte[]> source, Manifest baseline, Invocation invocation)
            throws InterruptedException {
        if (source.offset() % 2 == 0) {
            var before = attempt(baseline, invocation);
            return new Pair(before, attempt(versions.candidate(), invocation));
        }
        var after = attempt(versions.candidate(), invocation);
        return new Pair(attempt(baseline, invocation), after);
    }

    private Attempt attempt(Manifest manifest, Invocation invocation) throws InterruptedException {
        var attempt = once(manifest, invocation);
        for (int tries = 1; tries < TRIES && attempt.problem().isPresent(); tries++) {
            Thread.sleep(REST_MILLIS);
            attempt = once(manifest, invocation);
        }
        return attempt;
    }

    /** Only a call without a key may have an answer that does not fit one record. */
    private Attempt once(Manifest manifest, Invocation invocation) throws InterruptedException {
        var calls = new RefusedCalls();
        var events = new HeldEvents();
        var large = new AnswerDigest();
        var mayBeLarge = invocation.replyTo() instanceof ReplyTo.Ingress
                && invocation.key().isEmpty();
        var begun = System.nanoTime();
        var outcome =
                runs.run(manifest, invocation, new Runs.Ways(calls, mayBeLarge ? large : LargeAnswer.NONE, events));
        var micros = (System.nanoTime() - begun) / 1_000;
        var output = keepsOutputs && outcome instanceof Reply.Answer answer && !large.begun()
                ? Optional.of(answer)
                : Optional.<Reply.Answer>empty();
        return new Attempt(Observed.of(outcome, large, Observed.Effects.of(calls, events), micros), output);
    }
}
