package dev.photon.protocol;

import static dev.photon.protocol.Headers.BODY;
import static dev.photon.protocol.Headers.BODY_OFFSET;
import static dev.photon.protocol.Headers.BODY_PARTITION;
import static dev.photon.protocol.Headers.COLD_START;
import static dev.photon.protocol.Headers.ERROR;
import static dev.photon.protocol.Headers.EXECUTOR;
import static dev.photon.protocol.Headers.ID;
import static dev.photon.protocol.Headers.MESSAGE;
import static dev.photon.protocol.Headers.POOL;
import static dev.photon.protocol.Headers.QUEUED;
import static dev.photon.protocol.Headers.REPLAYED;
import static dev.photon.protocol.Headers.REPLY_INSTANCE;
import static dev.photon.protocol.Headers.RUN;
import static dev.photon.protocol.Headers.STATUS;
import static dev.photon.protocol.Headers.VERSION;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Replies as records of {@code photon.responses} and of publishers' own reply topics. Stateless, thread-safe. */
public final class ReplyCodec {
    /** The CloudEvents type of a reply. */
    public static final String TYPE = "dev.photon.reply";

    private static final byte[] EMPTY = {};

    private ReplyCodec() {}

    /**
     * The record of a reply; its key is the invocation id.
     *
     * @param partition which partition, or {@code null} to let the key decide, as for a publisher's topic
     */
    public static ProducerRecord<byte[], byte[]> encode(String topic, Integer partition, Reply reply) {
        var timing = reply.timing();
        var headers = new Headers.Writer()
                .event(TYPE, reply.invocationId(), "/photon/executor/" + timing.executor())
                .put(REPLY_INSTANCE, reply.instance())
                .put(VERSION, reply.version())
                .put(EXECUTOR, timing.executor())
                .put(POOL, Optional.of(timing.pool()).filter(pool -> !pool.equals(Topics.DEFAULT_POOL)))
                .put(QUEUED, timing.queued())
                .put(COLD_START, timing.coldStart())
                .put(RUN, timing.run());
        var body = switch (reply.outcome()) {
            case Reply.Answer answer -> {
                headers.put(STATUS, answer.status()).http(answer.headers());
                yield answer.body();
            }
            case Reply.Begun begun -> {
                headers.put(STATUS, begun.status())
                        .put(BODY, begun.body())
                        .put(BODY_PARTITION, begun.partition())
                        .put(BODY_OFFSET, begun.firstOffset())
                        .http(begun.headers());
                yield EMPTY;
            }
            case Reply.Failure failure -> {
                headers.put(STATUS, failure.kind().status())
                        .put(ERROR, failure.kind().code())
                        .put(MESSAGE, failure.message());
                if (failure.isReplayed()) {
                    headers.put(REPLAYED, "true");
                }
                yield EMPTY;
            }
        };
        var key = reply.invocationId().getBytes(UTF_8);
        return new ProducerRecord<>(topic, partition, null, key, body, headers.build());
    }

    public static Decoded<Reply> decode(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = new Headers.Reader(source);
            headers.requireSchema();
            return read(headers, source.value());
        });
    }

    static Reply read(Headers.Reader headers, byte[] body) throws MalformedRecord {
        var timing = new Reply.Timing(
                headers.require(EXECUTOR),
                headers.text(POOL).orElse(Topics.DEFAULT_POOL),
                headers.requireLong(QUEUED),
                headers.requireLong(COLD_START),
                headers.requireLong(RUN));
        return new Reply(
                headers.require(ID),
                headers.text(REPLY_INSTANCE),
                headers.text(VERSION),
                outcome(headers, body),
                timing);
    }

    private static Reply.Outcome outcome(Headers.Reader headers, byte[] body) throws MalformedRecord {
        var error = headers.text(ERROR);
        if (error.isPresent()) {
            // A kind that a newer build added is still a failure to this one.
            var kind = ErrorKind.ofCode(error.get()).orElse(ErrorKind.INTERNAL);
            return new Reply.Failure(
                    kind,
                    headers.text(MESSAGE).orElse(kind.title()),
                    headers.text(REPLAYED).isPresent());
        }
        var status = headers.requireLong(STATUS);
        if (status < 200 || status > 599) {
            throw new MalformedRecord("header " + STATUS + " is not a status from 200 to 599");
        }
        var begun = headers.text(BODY);
        return begun.isPresent()
                ? begun(headers, (int) status, begun.get())
                : new Reply.Answer((int) status, headers.http(), body == null ? EMPTY : body);
    }

    private static Reply.Begun begun(Headers.Reader headers, int status, String body) throws MalformedRecord {
        var partition = headers.requireLong(BODY_PARTITION);
        var offset = headers.requireLong(BODY_OFFSET);
        if (partition < 0 || partition > Integer.MAX_VALUE || offset < 0) {
            throw new MalformedRecord("the place of the body is none");
        }
        return new Reply.Begun(status, headers.http(), body, (int) partition, offset);
    }
}
