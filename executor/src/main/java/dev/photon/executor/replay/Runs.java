package dev.photon.executor.replay;

import dev.photon.executor.outbound.OutboundCalls;
import dev.photon.executor.wasm.LargeAnswer;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Pieces;
import dev.photon.protocol.Reply;
import dev.photon.registry.Manifest;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** How a version is run without effects. Called by several threads at once. */
public interface Runs {
    /** Runs to the end on the calling thread; nothing of it is logged or counted. */
    Reply.Outcome run(Manifest manifest, Invocation invocation, Ways ways) throws InterruptedException;

    /**
     * What would leave a run.
     *
     * @param calls gets the calls to others
     * @param large takes an answer that does not fit one record
     * @param events takes the events of a run that ended well
     */
    record Ways(OutboundCalls calls, LargeAnswer large, Consumer<List<ProducerRecord<byte[], byte[]>>> events) {}

    /** A body that lies apart from its record. Its memory counts until it is closed, once. */
    record Body(byte[] bytes, Runnable closed) implements AutoCloseable {
        @Override
        public void close() {
            closed.run();
        }
    }

    /** A body may be there, and could not be read. */
    final class Unread extends Exception {
        private static final long serialVersionUID = 1;

        public Unread() {
            super("the body could not be read from Kafka", null, false, false);
        }
    }

    /** Waits for a body, and for room for it; empty when it is not there any more. */
    Optional<Body> body(Invocation invocation, Pieces place) throws InterruptedException, Unread;

    /**
     * Counts what a record takes of this process's memory.
     *
     * @param more bytes, of what is kept beside it
     * @return all of it, to be released
     */
    long hold(ConsumerRecord<byte[], byte[]> source, long more);

    void release(long bytes);

    /** Whether nothing more should be held now. */
    boolean isFull();
}
