package dev.photon.executor.replay;

import dev.photon.protocol.Reply;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a replay found out about one record. */
sealed interface Finding {
    ConsumerRecord<byte[], byte[]> source();

    /** The record is none that the function can be run with. */
    record Malformed(ConsumerRecord<byte[], byte[]> source) implements Finding {}

    /** The body, which lies apart from its record, is not there any more. */
    record NotRetained(ConsumerRecord<byte[], byte[]> source) implements Finding {}

    /** The version that it is to be compared with is not there any more. */
    record NoBaseline(ConsumerRecord<byte[], byte[]> source) implements Finding {}

    /** A version could not be run, for no fault of its own. */
    record NotRun(ConsumerRecord<byte[], byte[]> source, String reason) implements Finding {}

    /**
     * Both versions ran.
     *
     * @param differences in what the answers differ
     * @param output what the candidate answered, where it is to be published
     */
    record Ran(
            ConsumerRecord<byte[], byte[]> source,
            Kind kind,
            List<String> differences,
            Observed baseline,
            Observed candidate,
            Optional<Reply.Answer> output)
            implements Finding {}

    /** How two versions compare. */
    enum Kind {
        SAME,
        /** They differ, and differed when both were run once more. */
        DIFFERENT,
        /** They differ, and so do two runs of one of them: by time or chance. */
        UNSTABLE,
        /** One of them called others, which was refused: what they would have answered is not known. */
        CALLED;
    }
}
