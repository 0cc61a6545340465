package dev.photon.executor.replay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records that were begun and are not reported yet, the oldest first: bounded in number, and in what they and their
 * answers take of the memory. Confined to a thread.
 */
final class UnderWay {
    /** The beginnings of two answers, and their fields. */
    private static final long KEPT_BYTES = 4L * AnswerDigest.KEPT_BYTES;

    private final Runs runs;
    private final int most;
    private final long answerBytes;
    private final Deque<Begun> begun = new ArrayDeque<>();

    private record Begun(FutureTask<Finding> task, long bytes) {}

    /**
     * @param most records at once
     * @param outputBytes of an answer that is kept as a whole; 0 when none is
     */
    UnderWay(Runs runs, int most, long outputBytes) {
        this.runs = runs;
        this.most = most;
        this.answerBytes = KEPT_BYTES + outputBytes;
    }

    /** For one there always is. */
    boolean hasRoom() {
        return begun.isEmpty() || (begun.size() < most && !runs.isFull());
    }

    boolean isEmpty() {
        return begun.isEmpty();
    }

    void add(ConsumerRecord<byte[], byte[]> source, FutureTask<Finding> task) {
        begun.add(new Begun(task, runs.hold(source, answerBytes)));
    }

    /** There is one. */
    FutureTask<Finding> oldest() {
        return begun.element().task();
    }

    /** It is reported. */
    void removeOldest() {
        runs.release(begun.remove().bytes());
    }
}
