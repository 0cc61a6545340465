package dev.photon.ingress;

import dev.photon.protocol.Decoded;
import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Piece;
import dev.photon.protocol.PieceCodec;
import dev.photon.protocol.PieceReaders;
import dev.photon.protocol.Reply;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * One large answer on its way from the log to its client. What follows the log hands it each new piece; it takes the
 * piece when it is the next one and the client has room, and otherwise lets it pass, to be read again later. Thread-safe.
 *
 * <pre>
 *             the log's end: a new piece ─► next, and room? ─► client
 *                                               │ no                └ written: room again
 *     a stretch that passed ◄── read again ◄────┴───────────────────────┘
 * </pre>
 */
final class AnswerStream implements PieceReaders.Reading {
    /** What of one answer may be on its way to its client while there is room for all. */
    private static final int MOST_UNWRITTEN = 1 << 20;

    /** A living executor shows it every few seconds. */
    private static final long SILENCE_NANOS = Duration.ofSeconds(20).toNanos();

    private final String body;
    private final TopicPartition partition;
    private final Context context;
    private final Client client;
    private final Flow flow;
    /** The number of the piece that the client gets next, and at or before which offset it is not. */
    private int next;

    private long from;
    /** What has passed the log's end is before this offset. */
    private long until;

    private long size;
    private int unwritten;
    private boolean reading;
    private boolean over;
    private long heardNanos = System.nanoTime();

    /** Where the answer goes. Called on its event loop; the last call is one of the latter two. */
    interface Client {
        /** Completes when the bytes are in the hands of the system. */
        Future<Void> write(byte[] bytes);

        void end();

        /** No more comes, and what came is not all. */
        void broken(Reply.Failure reason);
    }

    /** What all streams of an ingress share. Thread-safe; nothing of it waits. */
    interface Flow {
        /** Has a stretch read again. */
        void read(AnswerStream stream);

        /** Counts what is on its way to clients. */
        void unwritten(int bytes);

        /** Whether more than what each client needs to get on may be on its way. */
        boolean hasRoom();

        void closed(AnswerStream stream);
    }

    AnswerStream(Reply.Begun begun, TopicPartition partition, Context context, Client client, Flow flow) {
        this.body = begun.body();
        this.partition = partition;
        this.from = begun.firstOffset();
        this.until = begun.firstOffset() + 1;
        this.context = context;
        this.client = client;
        this.flow = flow;
    }

    String body() {
        return body;
    }

    /** Reads what had passed before anybody asked for it. */
    synchronized void begin(long passed) {
        until = Math.max(until, passed);
        readOn();
    }

    /** Something of this answer is at the log's end. */
    synchronized void passed(Piece piece, long offset) {
        var upToDate = from >= until;
        until = Math.max(until, offset + 1);
        if (over || reading || !upToDate) {
            return;
        }
        if (!take(piece, offset)) {
            from = offset;
        }
    }

    /** Whether the piece is done with. */
    private boolean take(Piece piece, long offset) {
        heardNanos = System.nanoTime();
        return switch (piece) {
            case Piece.Alive alive -> done(offset);
            case Piece.Part part -> isNext(part.index()) ? give(part, offset) : done(offset);
            case Piece.End end -> isNext(end.index()) ? finish(end) : done(offset);
        };
    }

    private boolean done(long offset) {
        from = Math.max(from, offset + 1);
        return true;
    }

    /** A repeated one is none. */
    private boolean isNext(int index) {
        if (index > next) {
            breakOff("a piece of the answer is missing on the event log");
        }
        return index == next;
    }

    private boolean give(Piece.Part part, long offset) {
        var length = part.bytes().length;
        if (!hasRoom()) {
            return false;
        }
        next++;
        size += length;
        unwritten += length;
        flow.unwritten(length);
        context.runOnContext(ignored -> client.write(part.bytes()).onComplete(written -> written(length)));
        return done(offset);
    }

    private boolean finish(Piece.End end) {
        if (end.failure().isPresent()) {
            breakOff(end.failure().get());
        } else if (end.size() != size) {
            breakOff("a piece of the answer is missing on the event log");
        } else {
            close();
            context.runOnContext(ignored -> client.end());
        }
        return true;
    }

    /** One piece may always be on its way, so that each client gets on, however many are slow. */
    private boolean hasRoom() {
        return unwritten == 0 || (unwritten < MOST_UNWRITTEN && flow.hasRoom());
    }

    private synchronized void written(int length) {
        unwritten -= length;
        flow.unwritten(-length);
        readOn();
    }

    private void readOn() {
        if (!over && !reading && from < until && hasRoom()) {
            reading = true;
            flow.read(this);
        }
    }

    /** Breaks it off when all that is there was given, and nothing has come for too long. */
    synchronized void look(long nowNanos) {
        if (!over && !reading && from >= until && nowNanos - heardNanos > SILENCE_NANOS) {
            breakOff("the executor that wrote the answer went silent");
        }
    }

    private void breakOff(String reason) {
        breakOff(new Reply.Failure(ErrorKind.UNAVAILABLE, reason));
    }

    private void breakOff(Reply.Failure reason) {
        if (!over) {
            close();
            context.runOnContext(ignored -> client.broken(reason));
        }
    }

    /** Nothing more is given to the client. */
    synchronized void close() {
        over = true;
        flow.closed(this);
    }

    // As a stretch of the log that is read again.

    @Override
    public TopicPartition partition() {
        return partition;
    }

    @Override
    public synchronized long from() {
        return from;
    }

    @Override
    public synchronized long until() {
        return until;
    }

    @Override
    public synchronized boolean take(ConsumerRecord<byte[], byte[]> source) {
        if (over) {
            return false;
        }
        return !(PieceCodec.decode(source) instanceof Decoded.Valid<Piece> valid)
                || !valid.value().body().equals(body)
                || (take(valid.value(), source.offset()) && !over);
    }

    @Override
    public synchronized void ended(long position) {
        reading = false;
        from = Math.max(from, position);
        readOn();
    }

    @Override
    public synchronized void failed(Exception reason) {
        reading = false;
        breakOff("the answer cannot be read from the event log");
    }
}
