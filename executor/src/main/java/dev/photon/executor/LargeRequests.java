package dev.photon.executor;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.KafkaConnection;
import dev.photon.protocol.Piece;
import dev.photon.protocol.PieceCodec;
import dev.photon.protocol.PieceReaders;
import dev.photon.protocol.Pieces;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Gets the bodies that did not fit their invocation's record. What runs hold of them is bounded for the whole executor:
 * too much at once waits its turn. Thread-safe; holds no guest thread.
 */
final class LargeRequests implements AutoCloseable {
    private static final int READERS = 2;

    private final String topic;
    private final ByteBudget budget;
    private final PieceReaders readers;

    /**
     * @param bytes of all bodies that are held at once
     */
    LargeRequests(KafkaConnection kafka, String topic, String instance, long bytes) {
        this.topic = topic;
        this.budget = new ByteBudget(bytes);
        this.readers = new PieceReaders(kafka, "request-bodies-" + instance, READERS);
    }

    /** A whole body, whose memory counts until it is closed. */
    record Body(byte[] bytes, ByteBudget.Share share) implements AutoCloseable {
        @Override
        public void close() {
            share.close();
        }
    }

    /** Why there is no body. */
    static final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        private Missing(String reason) {
            super(reason, null, false, false);
        }
    }

    /** Fails when a piece is missing, when Kafka does not answer, and when it takes too long. */
    CompletableFuture<Body> fetch(Invocation invocation, Pieces place, long withinMillis) {
        if (place.size() > budget.total()) {
            return CompletableFuture.failedFuture(new Missing("a body of " + place.size() + " bytes has no room here"));
        }
        var body = new CompletableFuture<Body>();
        body.orTimeout(withinMillis, TimeUnit.MILLISECONDS);
        var room = budget.take(place.size());
        body.whenComplete((there, failure) -> {
            if (failure != null) {
                room.completeExceptionally(failure);
            }
        });
        room.thenAccept(share -> readers.read(new Collection(invocation.id(), place, share, body)));
        return body;
    }

    /** The pieces of one body, in their order. */
    private final class Collection implements PieceReaders.Reading {
        private final String id;
        private final Pieces place;
        private final ByteBudget.Share share;
        private final CompletableFuture<Body> body;
        private byte[] bytes = {};
        private int count;
        private int size;

        Collection(String id, Pieces place, ByteBudget.Share share, CompletableFuture<Body> body) {
            this.id = id;
            this.place = place;
            this.share = share;
            this.body = body;
        }

        @Override
        public TopicPartition partition() {
            return new TopicPartition(topic, place.partition());
        }

        @Override
        public long from() {
            return place.firstOffset();
        }

        @Override
        public long until() {
            return place.lastOffset() + 1;
        }

        @Override
        public boolean take(ConsumerRecord<byte[], byte[]> source) {
            if (PieceCodec.decode(source) instanceof Decoded.Valid<Piece> valid
                    && valid.value() instanceof Piece.Part part
                    && part.body().equals(id)
                    && part.index() == count
                    && part.bytes().length <= place.size() - size) {
                add(part.bytes());
            }
            return !body.isDone();
        }

        /** The memory is taken when there is something to put in it. */
        private void add(byte[] part) {
            if (count == 0) {
                bytes = new byte[place.size()];
            }
            System.arraycopy(part, 0, bytes, size, part.length);
            size += part.length;
            count++;
        }

        @Override
        public void ended(long position) {
            if (count != place.count() || size != place.size()) {
                failed(new Missing("%d of %d pieces are there".formatted(count, place.count())));
            } else if (!body.complete(new Body(bytes, share))) {
                share.close();
            }
        }

        @Override
        public void failed(Exception reason) {
            share.close();
            body.completeExceptionally(reason);
        }
    }

    @Override
    public void close() {
        readers.close();
    }
}
