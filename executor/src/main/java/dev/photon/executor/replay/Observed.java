package dev.photon.executor.replay;

import dev.photon.protocol.Digest;
import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What came of one run.
 *
 * @param answer empty when there was none, but a failure
 * @param failure why there was none
 * @param effects what it would have done to others
 * @param micros of the run, with instantiation
 */
record Observed(Optional<Answer> answer, Optional<Reply.Failure> failure, Effects effects, long micros) {
    private static final int LEAST_ERROR = 500;

    /**
     * An answer.
     *
     * @param headers in the order of their names
     * @param size bytes of the body
     * @param beginning of the body
     */
    record Answer(int status, List<Header> headers, long size, Digest digest, byte[] beginning) {
        Answer {
            headers =
                    headers.stream().sorted(Comparator.comparing(Header::name)).toList();
        }
    }

    /**
     * None of them came about.
     *
     * @param calls to others, all of which were refused
     * @param events that it would have published
     * @param digest of these
     */
    record Effects(int calls, int events, Digest digest) {
        static Effects of(RefusedCalls calls, HeldEvents events) {
            return new Effects(calls.count(), events.count(), events.sum());
        }
    }

    static Observed of(Reply.Outcome outcome, AnswerDigest large, Effects effects, long micros) {
        return switch (outcome) {
            case Reply.Failure failure -> new Observed(Optional.empty(), Optional.of(failure), effects, micros);
            case Reply.Answer answer ->
                new Observed(Optional.of(kept(answer, large)), Optional.empty(), effects, micros);
            case Reply.Begun begun -> throw new IllegalStateException("an answer of a replay went elsewhere");
        };
    }

    private static Answer kept(Reply.Answer answer, AnswerDigest large) {
        if (large.begun()) {
            return new Answer(answer.status(), answer.headers(), large.size(), large.sum(), large.beginning());
        }
        var body = answer.body();
        var beginning = body.length <= AnswerDigest.KEPT_BYTES ? body : Arrays.copyOf(body, AnswerDigest.KEPT_BYTES);
        return new Answer(answer.status(), answer.headers(), body.length, Digest.of(body), beginning);
    }

    /** In what they differ; time is not looked at. */
    List<String> differences(Observed other) {
        var differences = new ArrayList<String>();
        if (!failure.equals(other.failure)) {
            differences.add("error");
        }
        if (answer.isPresent() && other.answer.isPresent()) {
            add(differences, answer.get(), other.answer.get());
        }
        if (!effects.digest().equals(other.effects.digest())) {
            differences.add("events");
        }
        if (effects.calls() != other.effects.calls()) {
            differences.add("calls");
        }
        return differences;
    }

    private static void add(List<String> differences, Answer one, Answer other) {
        if (one.status() != other.status()) {
            differences.add("status");
        }
        if (!one.headers().equals(other.headers())) {
            differences.add("headers");
        }
        if (!one.digest().equals(other.digest())) {
            differences.add("body");
        }
    }

    /** Whether its caller would count it as failed. */
    boolean isError() {
        return failure.isPresent()
                || answer.filter(given -> given.status() >= LEAST_ERROR).isPresent();
    }
}
