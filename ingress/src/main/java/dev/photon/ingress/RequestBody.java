package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Piece;
import dev.photon.protocol.PieceSender;
import dev.photon.protocol.Pieces;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/**
 * Collects a request's body: in memory when it fits the invocation's record, and otherwise in pieces on the log, a few
 * of them in memory at a time. Confined to the request's event loop.
 *
 * <pre>
 * parts ─► held ── end, and it fits the record ─────────────────────► whole
 *           └── no longer fits: pieces ─► log ── all acknowledged ──► stored
 *                    └ too many on their way: the client is paused
 * </pre>
 */
final class RequestBody {
    /** Half a megabyte, once the body has become too large for a record. */
    private static final int ON_THEIR_WAY = 8;

    private final HttpServerRequest request;
    private final String id;
    private final Bounds bounds;
    private final BodyUploads uploads;
    private final Receiver receiver;
    private final Context context = Vertx.currentContext();
    private Buffer held = Buffer.buffer();
    private int size;
    private int sent;
    private int acknowledged;
    private boolean ended;
    private boolean over;
    private int partition;
    private long firstOffset = Long.MAX_VALUE;
    private long lastOffset;

    /**
     * How large a body may be.
     *
     * @param record bytes that there are in the invocation's record for it
     * @param most bytes of any
     */
    record Bounds(int record, int most) {}

    /** Hears one of these, once. */
    interface Receiver {
        /** Some of it, before one of the others is told. */
        default void part(Buffer some) {}

        void whole(Buffer body);

        void stored(Pieces place);

        void refused(ErrorKind kind, String message);
    }

    /**
     * @param id of the invocation, which names the pieces
     */
    RequestBody(HttpServerRequest request, String id, Bounds bounds, BodyUploads uploads, Receiver receiver) {
        this.request = request;
        this.id = id;
        this.bounds = bounds;
        this.uploads = uploads;
        this.receiver = receiver;
    }

    /**
     * @param taken what the request has none of any more
     */
    void read(TakenBody taken) {
        if (Http.length(request) > bounds.most()) {
            tooLarge();
            return;
        }
        if (taken.isNothing()) {
            Http.letContinue(request);
        }
        taken.read(request, this::part, this::end);
    }

    /** Nobody waits for it any more. */
    void forget() {
        over = true;
    }

    private void part(Buffer part) {
        if (over) {
            return;
        }
        if (part.length() > bounds.most() - size) {
            tooLarge();
            return;
        }
        receiver.part(part);
        size += part.length();
        held.appendBuffer(part);
        if (size > bounds.record()) {
            sendFullPieces();
            if (sent - acknowledged > ON_THEIR_WAY) {
                request.pause();
            }
        }
    }

    private void sendFullPieces() {
        var from = 0;
        for (; held.length() - from >= Piece.MAX_BYTES; from += Piece.MAX_BYTES) {
            send(held.getBytes(from, from + Piece.MAX_BYTES));
        }
        held = held.getBuffer(from, held.length());
    }

    private void end() {
        if (over) {
            return;
        }
        ended = true;
        if (size <= bounds.record()) {
            over = true;
            receiver.whole(held);
            return;
        }
        if (held.length() > 0) {
            send(held.getBytes());
        }
        endWhenStored();
    }

    private void send(byte[] bytes) {
        uploads.send(new Piece.Part(id, sent++, bytes), new PieceSender.Receipt() {
            @Override
            public void stored(int at, long offset) {
                context.runOnContext(ignored -> RequestBody.this.stored(at, offset));
            }

            @Override
            public void failed(Exception reason) {
                context.runOnContext(
                        ignored -> refuse(ErrorKind.UNAVAILABLE, "the event log does not take requests now"));
            }
        });
    }

    private void stored(int at, long offset) {
        acknowledged++;
        partition = at;
        firstOffset = Math.min(firstOffset, offset);
        lastOffset = Math.max(lastOffset, offset);
        if (over) {
            return;
        }
        if (!ended && sent - acknowledged == ON_THEIR_WAY / 2) {
            request.resume();
        }
        endWhenStored();
    }

    private void endWhenStored() {
        if (ended && !over && acknowledged == sent) {
            over = true;
            receiver.stored(new Pieces(partition, firstOffset, lastOffset, sent, size));
        }
    }

    private void tooLarge() {
        refuse(ErrorKind.TOO_LARGE, "the body of a request has at most " + bounds.most() + " bytes");
    }

    private void refuse(ErrorKind kind, String message) {
        if (!over) {
            over = true;
            receiver.refused(kind, message);
        }
    }
}
