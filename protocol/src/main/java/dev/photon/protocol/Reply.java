package dev.photon.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The answer to one invocation: either what the function said, or why it could not.
 *
 * @param invocationId the id of the invocation that is answered
 * @param instance the ingress that waits, empty when the reply goes to a publisher's topic
 * @param version the version that ran; empty when none did
 */
public record Reply(
        String invocationId, Optional<String> instance, Optional<String> version, Outcome outcome, Timing timing) {

    /** Body and headers of an answer that is one record. */
    public static final int MAX_BYTES = KafkaConnection.RECORD_BYTES;

    /** The field of an answer that was kept from the first call with its key. */
    public static final String REPLAYED = "idempotency-replayed";

    public sealed interface Outcome {
        /** The same, marked as that of the first call with its key. */
        Outcome replayed();
    }

    /**
     * The function's own answer.
     *
     * @param status HTTP status code, 200 to 599
     * @param body not copied, so not to be changed
     */
    public record Answer(int status, List<Header> headers, byte[] body) implements Outcome {
        public Answer {
            headers = List.copyOf(headers);
        }

        @Override
        public Answer replayed() {
            var marked = new ArrayList<>(headers);
            marked.removeIf(header -> header.name().equals(REPLAYED));
            marked.add(new Header(REPLAYED, "true"));
            return new Answer(status, marked, body);
        }
    }

    /**
     * The begin of the function's own answer, whose body follows as {@link Piece}s on {@code photon.bodies}. Its length
     * is not known yet, and it may still fail.
     *
     * @param status HTTP status code, 200 to 599
     * @param body the id of the body, another one for each run
     * @param partition of {@code photon.bodies}: the number of the one of {@code photon.responses} that the reply is on
     * @param firstOffset of the first piece
     */
    public record Begun(int status, List<Header> headers, String body, int partition, long firstOffset)
            implements Outcome {
        public Begun {
            headers = List.copyOf(headers);
        }

        /** Such an answer is not kept. */
        @Override
        public Begun replayed() {
            return this;
        }
    }

    /**
     * @param message one sentence for the caller
     * @param isReplayed whether it is that of the first call with its key
     */
    public record Failure(ErrorKind kind, String message, boolean isReplayed) implements Outcome {
        /** One that is new. */
        public Failure(ErrorKind kind, String message) {
            this(kind, message, false);
        }

        @Override
        public Failure replayed() {
            return new Failure(kind, message, true);
        }
    }

    /**
     * Where the time went. All in microseconds, on the executor's monotonic clock.
     *
     * @param executor the executor's instance id
     * @param pool of the function
     * @param queued from the record's arrival at the executor until its run began
     * @param coldStart until a function that was not loaded could run; zero when it was
     * @param run instantiation and the function's own work
     */
    public record Timing(String executor, String pool, long queued, long coldStart, long run) {}
}
