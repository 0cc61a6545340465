package dev.photon.executor;

import dev.photon.executor.wasm.AnswerLost;
import dev.photon.executor.wasm.LargeAnswer;
import dev.photon.protocol.Header;
import dev.photon.protocol.InvocationIds;
import dev.photon.protocol.Piece;
import dev.photon.protocol.PieceSender;
import dev.photon.protocol.Reply;
import dev.photon.protocol.ReplyTo;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * One answer on its way to the log, a few pieces of it in memory at a time. Belongs to the run's thread, but for what the
 * ticker does, under the lock.
 *
 * <pre>
 * begin ─► write … a piece is full, or nothing was sent for a while ─► sent, first one acknowledged ─► reply: where the answer begins
 *             └ too many on their way: waits                 … end ─► all acknowledged ─► last piece: the end
 *                                                     or the run fails ─────────────────► last piece: why
 * </pre>
 */
final class SentAnswer implements LargeAnswer {
    static final PieceSender.Receipt UNHEARD = new PieceSender.Receipt() {
        @Override
        public void stored(int partition, long offset) {}

        @Override
        public void failed(Exception reason) {}
    };

    private static final byte[] NOTHING = {};
    private static final int ON_THEIR_WAY = 16;
    /** What is written more often is sent together. */
    private static final long TOGETHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LAST_WORD_MILLIS = 5_000;

    private final LargeAnswers way;
    private final ReplyTo.Ingress to;
    private final Function<Reply.Begun, Reply> reply;
    private final long giveUpNanos;
    private String body = "";
    private int status;
    private List<Header> headers = List.of();
    /** From here on made when the answer begins: most never do. */
    private byte[] piece = {};

    private ReentrantLock lock;

    private Semaphore room;
    private CompletableFuture<Void> replied;
    private int filled;
    private int pieces;
    private long size;
    private Optional<Reply.Begun> begun = Optional.empty();
    private boolean over;
    private volatile boolean lost;
    private long lastSent;

    SentAnswer(LargeAnswers way, ReplyTo.Ingress to, Function<Reply.Begun, Reply> reply, long giveUpNanos) {
        this.way = way;
        this.to = to;
        this.reply = reply;
        this.giveUpNanos = giveUpNanos;
    }

    /** Sends what the function wrote a moment ago, if it wrote no more, or a sign of life. The ticker's. */
    void tick() {
        if (!lock.tryLock()) {
            return;
        }
        try {
            var silent = System.nanoTime() - lastSent;
            if (over || begun.isEmpty()) {
                return;
            }
            if (filled > 0 && silent > TOGETHER_NANOS && room.tryAcquire()) {
                sendCounted(part(), UNHEARD);
            } else if (silent > SILENCE_NANOS) {
                send(new Piece.Alive(body), UNHEARD);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void begin(int statusCode, List<Header> fields) {
        status = statusCode;
        headers = fields;
        body = InvocationIds.next();
        piece = new byte[Piece.MAX_BYTES];
        lock = new ReentrantLock();
        room = new Semaphore(ON_THEIR_WAY);
        replied = new CompletableFuture<>();
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (var done = 0; done < length; ) {
                var taken = Math.min(length - done, piece.length - filled);
                System.arraycopy(bytes, from + done, piece, filled, taken);
                filled += taken;
                done += taken;
                if (filled == piece.length) {
                    flush();
                }
            }
            if (filled > 0 && (begun.isEmpty() || System.nanoTime() - lastSent > TOGETHER_NANOS)) {
                flush();
            }
        } finally {
            lock.unlock();
        }
    }

    private void flush() throws InterruptedException {
        if (begun.isPresent()) {
            acquire();
            sendCounted(part(), UNHEARD);
        } else {
            tellBegin(part());
        }
    }

    private Piece.Part part() {
        var part = new Piece.Part(body, pieces, Arrays.copyOf(piece, filled));
        pieces++;
        size += filled;
        filled = 0;
        return part;
    }

    /** The reply names a place that is known to be there. */
    private void tellBegin(Piece.Part first) throws InterruptedException {
        var place = new CompletableFuture<Long>();
        acquire();
        sendCounted(first, new PieceSender.Receipt() {
            @Override
            public void stored(int partition, long offset) {
                place.complete(offset);
            }

            @Override
            public void failed(Exception reason) {
                place.completeExceptionally(reason);
            }
        });
        try {
            var started = new Reply.Begun(status, headers, body, to.partition(), place.get());
            begun = Optional.of(started);
            way.begun(this);
            way.reply(to, reply.apply(started), giveUpNanos, () -> replied.complete(null));
        } catch (ExecutionException e) {
            throw unheard();
        }
    }

    /** Waits for room. */
    private void acquire() throws InterruptedException {
        room.acquire();
        if (lost) {
            room.release();
            throw unheard();
        }
    }

    /** There is room. */
    private void sendCounted(Piece of, PieceSender.Receipt receipt) {
        send(of, new PieceSender.Receipt() {
            @Override
            public void stored(int partition, long offset) {
                room.release();
                receipt.stored(partition, offset);
            }

            @Override
            public void failed(Exception reason) {
                lost = true;
                room.release();
                receipt.failed(reason);
            }
        });
    }

    private void send(Piece of, PieceSender.Receipt receipt) {
        lastSent = System.nanoTime();
        way.sender().send(to.partition(), of, receipt);
    }

    private static AnswerLost unheard() {
        return new AnswerLost("the function's answer could not be written to the event log");
    }

    @Override
    public Reply.Outcome end() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (begun.isEmpty() && filled == 0) {
                return new Reply.Answer(status, headers, NOTHING);
            }
            if (filled > 0) {
                flush();
            }
            awaitAll();
            acquire();
            sendCounted(new Piece.End(body, pieces, size, Optional.empty()), UNHEARD);
            awaitAll();
            over = true;
            replied.get();
            return begun.orElseThrow();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            lock.unlock();
        }
    }

    private void awaitAll() throws InterruptedException {
        room.acquire(ON_THEIR_WAY);
        room.release(ON_THEIR_WAY);
        if (lost) {
            throw unheard();
        }
    }

    /** What the run came to, for whoever has to tell: when a begun answer failed, its readers are told here. */
    Reply.Outcome settle(Reply.Outcome outcome) {
        way.over(this);
        if (begun.isEmpty() || !(outcome instanceof Reply.Failure failure)) {
            return outcome;
        }
        lock.lock();
        try {
            over = true;
        } finally {
            lock.unlock();
        }
        var told = new CompletableFuture<Void>();
        send(new Piece.End(body, pieces, size, Optional.of(failure)), new PieceSender.Receipt() {
            @Override
            public void stored(int partition, long offset) {
                told.complete(null);
            }

            @Override
            public void failed(Exception reason) {
                told.complete(null);
            }
        });
        awaitLastWord(told);
        return begun.get();
    }

    private static void awaitLastWord(CompletableFuture<Void> told) {
        try {
            told.get(LAST_WORD_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Its readers notice the silence.
        }
    }
}
