package dev.photon.ingress;

import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Piece;
import dev.photon.protocol.PieceSender;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Takes pieces of large requests to {@code photon.bodies}, on a thread of its own since that may wait. Thread-safe; each
 * {@link RequestBody} bounds what it has queued here.
 */
final class BodyUploads implements AutoCloseable {
    private final PieceSender sender;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("body-sender").factory());

    BodyUploads(KafkaConnection kafka, String topic, String instance) {
        this.sender = new PieceSender(kafka, topic, instance);
    }

    /** Never blocks. */
    void send(Piece piece, PieceSender.Receipt receipt) {
        try {
            thread.execute(() -> sender.send(piece, receipt));
        } catch (RejectedExecutionException e) {
            receipt.failed(e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        sender.close();
    }
}
