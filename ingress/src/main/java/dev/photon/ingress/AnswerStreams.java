package dev.photon.ingress;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Malformed;
import dev.photon.protocol.PartitionTail;
import dev.photon.protocol.Piece;
import dev.photon.protocol.PieceCodec;
import dev.photon.protocol.PieceReaders;
import dev.photon.protocol.Reply;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The large answers that go to clients of this ingress. One reader follows the partition of {@code photon.bodies} on
 * which they are written and waits for nobody; two others, shared by all, read again what a client had no room for.
 * Thread-safe. {@link Admission} bounds how many there are.
 */
final class AnswerStreams implements AnswerStream.Flow, AutoCloseable {
    private static final int READERS = 2;
    /** Of the heap, for what is on its way to all clients. */
    private static final int SHARE = 8;

    private final TopicPartition partition;
    private final long budget = Runtime.getRuntime().maxMemory() / SHARE;
    private final AtomicLong unwritten = new AtomicLong();
    private final Map<String, AnswerStream> open = new ConcurrentHashMap<>();
    private final Malformed malformed = new Malformed();
    private final PartitionTail tail;
    private final PieceReaders readers;
    /** What is before this offset has passed, and was given to those who had asked for it by then. */
    private volatile long passed;

    AnswerStreams(KafkaConnection kafka, TopicPartition partition, String instance) {
        this.partition = partition;
        this.readers = new PieceReaders(kafka, "answers-again-" + instance, READERS);
        this.tail = PartitionTail.open(kafka, "answers-" + instance, partition, PartitionTail.From.END, this::follow);
    }

    /** Completes when every piece that is written from now on will be seen. */
    CompletableFuture<Void> positioned() {
        return tail.caughtUp();
    }

    /** Begins to give an answer to its client, whose event loop this is called on. */
    AnswerStream open(Reply.Begun begun, AnswerStream.Client client) {
        var stream = new AnswerStream(begun, partition, Vertx.currentContext(), client, this);
        open.put(begun.body(), stream);
        stream.begin(passed);
        return stream;
    }

    private void follow(Iterable<ConsumerRecord<byte[], byte[]>> batch, long position) {
        for (var source : batch) {
            // First, so that who asks for this body from here on knows to read it again.
            passed = source.offset() + 1;
            if (open.isEmpty()) {
                continue;
            }
            switch (PieceCodec.decode(source)) {
                case Decoded.Valid<Piece> valid -> give(valid.value(), source.offset());
                case Decoded.Malformed<Piece> odd -> malformed.skipped(source, odd.reason());
            }
        }
    }

    private void give(Piece piece, long offset) {
        var stream = open.get(piece.body());
        if (stream != null) {
            stream.passed(piece, offset);
        }
    }

    @Override
    public void read(AnswerStream stream) {
        readers.read(stream);
    }

    @Override
    public void unwritten(int bytes) {
        unwritten.addAndGet(bytes);
    }

    @Override
    public boolean hasRoom() {
        return unwritten.get() < budget;
    }

    @Override
    public void closed(AnswerStream stream) {
        open.remove(stream.body());
    }

    /** Breaks off those whose executor went silent. */
    void look(long nowNanos) {
        open.values().forEach(stream -> stream.look(nowNanos));
    }

    int size() {
        return open.size();
    }

    @Override
    public void close() {
        tail.close();
        readers.close();
    }
}
