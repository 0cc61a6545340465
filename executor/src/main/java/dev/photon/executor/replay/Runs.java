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

    /** Waits for a body that lies apart from its record; empty when it is not there any more. */
    Optional<byte[]> body(Invocation invocation, Pieces place) throws InterruptedException;
}
