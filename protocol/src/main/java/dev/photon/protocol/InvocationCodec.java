package dev.photon.protocol;

import static dev.photon.protocol.Headers.BODY_LAST_OFFSET;
import static dev.photon.protocol.Headers.BODY_OFFSET;
import static dev.photon.protocol.Headers.BODY_PARTITION;
import static dev.photon.protocol.Headers.BODY_PIECES;
import static dev.photon.protocol.Headers.BODY_SIZE;
import static dev.photon.protocol.Headers.DEADLINE;
import static dev.photon.protocol.Headers.DIGEST;
import static dev.photon.protocol.Headers.FUNCTION;
import static dev.photon.protocol.Headers.ID;
import static dev.photon.protocol.Headers.METHOD;
import static dev.photon.protocol.Headers.ORIGIN;
import static dev.photon.protocol.Headers.ORIGIN_VIEW;
import static dev.photon.protocol.Headers.PATH;
import static dev.photon.protocol.Headers.PAYLOAD;
import static dev.photon.protocol.Headers.QUERY;
import static dev.photon.protocol.Headers.REMAINING;
import static dev.photon.protocol.Headers.REPLY_INSTANCE;
import static dev.photon.protocol.Headers.REPLY_PARTITION;
import static dev.photon.protocol.Headers.REPLY_TOPIC;
import static dev.photon.protocol.Headers.RESULT_OPEN;
import static dev.photon.protocol.Headers.RESULT_PARTITION;
import static dev.photon.protocol.Headers.SOURCE;
import static dev.photon.protocol.Headers.TRACEPARENT;
import static dev.photon.protocol.Headers.VERSION;
import static dev.photon.protocol.Headers.VIEW;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Invocations as records of {@code photon.invocations} and of the entry topics. Stateless, thread-safe. */
public final class InvocationCodec {
    /** The CloudEvents type of an invocation. */
    public static final String TYPE = "dev.photon.invocation";

    private static final byte[] EMPTY = {};
    private static final int MAX_ID_LENGTH = 128;

    private InvocationCodec() {}

    /** The record of an invocation. Without a key, invocations spread over the partitions. */
    public static ProducerRecord<byte[], byte[]> encode(String topic, Invocation invocation) {
        return encode(topic, null, invocation);
    }

    /**
     * The record of an invocation.
     *
     * @param partition that of its key; {@code null} without one
     */
    public static ProducerRecord<byte[], byte[]> encode(String topic, Integer partition, Invocation invocation) {
        var headers = new Headers.Writer().event(TYPE, invocation.id(), invocation.source());
        headers.put(FUNCTION, invocation.target().function());
        switch (invocation.target()) {
            case Target.Resolved target -> put(headers, target);
            case Target.Named target -> headers.put(VERSION, target.version());
        }
        invocation
                .deadline()
                .ifPresent(deadline ->
                        headers.put(DEADLINE, deadline.epochMillis()).put(REMAINING, deadline.remainingMillis()));
        switch (invocation.replyTo()) {
            case ReplyTo.Ingress to ->
                headers.put(REPLY_PARTITION, to.partition()).put(REPLY_INSTANCE, to.instance());
            case ReplyTo.Topic to -> headers.put(REPLY_TOPIC, to.name());
            case ReplyTo.Results to -> {
                headers.put(RESULT_PARTITION, to.partition()).put(RESULT_OPEN, Boolean.toString(to.open()));
                to.taker()
                        .ifPresent(taker ->
                                headers.put(REPLY_PARTITION, taker.partition()).put(REPLY_INSTANCE, taker.instance()));
            }
            case ReplyTo.Nobody to -> {}
        }
        invocation
                .pieces()
                .ifPresent(pieces -> headers.put(BODY_PARTITION, pieces.partition())
                        .put(BODY_OFFSET, pieces.firstOffset())
                        .put(BODY_LAST_OFFSET, pieces.lastOffset())
                        .put(BODY_PIECES, pieces.count())
                        .put(BODY_SIZE, pieces.size()));
        var http = invocation.http();
        headers.put(METHOD, http.method())
                .put(PATH, http.path())
                .put(QUERY, http.query())
                .http(http.headers())
                .put(TRACEPARENT, invocation.traceparent());
        invocation.key().ifPresent(key -> headers.put(PAYLOAD, key.payload().toString()));
        var key = invocation.key().map(common -> common.hash().getBytes(UTF_8)).orElse(null);
        return new ProducerRecord<>(topic, partition, null, key, invocation.body(), headers.build());
    }

    /** Which version, beside the function's name. */
    static void put(Headers.Writer headers, Target.Resolved target) {
        headers.put(VERSION, target.version())
                .put(DIGEST, target.digest().toString())
                .put(VIEW, target.viewPosition().own());
        if (!target.viewPosition().origin().isEmpty()) {
            headers.put(ORIGIN, target.viewPosition().origin())
                    .put(ORIGIN_VIEW, target.viewPosition().copied());
        }
    }

    /** Reads a record of {@code photon.invocations}, which ingresses write: everything is expected to be there. */
    public static Decoded<Invocation> decode(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = new Headers.Reader(source);
            headers.requireSchema();
            var invocation = invocation(
                    headers, headers.http(), target(headers), replyTo(headers), headers.require(ID), source.value());
            var whole = headers.text(BODY_PARTITION).isEmpty() ? invocation : invocation.in(pieces(headers));
            return headers.text(PAYLOAD).isEmpty() ? whole : whole.keyed(key(headers, source.key()));
        });
    }

    /** Whether a record of either kind of topic names this function, before all of it is read. */
    public static boolean isFor(ConsumerRecord<byte[], byte[]> source, String function) {
        var named = source.headers().lastHeader(FUNCTION);
        return named != null && named.value() != null && function.equals(new String(named.value(), UTF_8));
    }

    static Target.Resolved target(Headers.Reader headers) throws MalformedRecord {
        var digest = Digest.parse(headers.require(DIGEST))
                .orElseThrow(() -> new MalformedRecord("header " + DIGEST + " is not a digest"));
        return new Target.Resolved(
                headers.require(FUNCTION),
                headers.require(VERSION),
                digest,
                new ViewPosition(
                        headers.requireLong(VIEW),
                        headers.text(ORIGIN).orElse(""),
                        headers.number(ORIGIN_VIEW).orElse(0L)));
    }

    static CallKey key(Headers.Reader headers, byte[] hash) throws MalformedRecord {
        var text = hash == null ? "" : new String(hash, UTF_8);
        if (!CallKey.isHash(text)) {
            throw new MalformedRecord("the key is not the hash of one");
        }
        return new CallKey(
                text,
                Digest.parse(headers.require(PAYLOAD))
                        .orElseThrow(() -> new MalformedRecord("header " + PAYLOAD + " is not a digest")));
    }

    private static ReplyTo replyTo(Headers.Reader headers) throws MalformedRecord {
        if (headers.text(RESULT_PARTITION).isPresent()) {
            return new ReplyTo.Results(
                    partition(headers, RESULT_PARTITION),
                    headers.text(RESULT_OPEN).filter("true"::equals).isPresent(),
                    headers.text(REPLY_INSTANCE).isPresent() ? Optional.of(ingress(headers)) : Optional.empty());
        }
        return ingress(headers);
    }

    static ReplyTo.Ingress ingress(Headers.Reader headers) throws MalformedRecord {
        return new ReplyTo.Ingress(partition(headers, REPLY_PARTITION), headers.require(REPLY_INSTANCE));
    }

    /**
     * Reads a record of an entry topic, of which {@link EntryCodec} asks more. Only a function's name is needed; headers
     * that belong between ingress and executor are ignored.
     */
    static Decoded<Invocation> decodeEntry(ConsumerRecord<byte[], byte[]> source) {
        return MalformedRecord.decode(() -> {
            var headers = new Headers.Reader(source);
            var target = new Target.Named(headers.require(FUNCTION), headers.nonEmpty(VERSION));
            var replyTopic = headers.nonEmpty(REPLY_TOPIC);
            var replyTo = replyTopic.<ReplyTo>map(ReplyTo.Topic::new).orElseGet(ReplyTo.Nobody::new);
            // A plain record, from kcat say, has no id: its place in the log is one.
            var id = headers.nonEmpty(ID).orElseGet(() -> EventCodec.id(source));
            return invocation(headers, notOfTriggers(headers.http()), target, replyTo, id, source.value());
        });
    }

    /** A function takes these for what it is told of a trigger's record. */
    private static List<Header> notOfTriggers(List<Header> fields) {
        return fields.stream().filter(field -> !EventCodec.isOwn(field.name())).toList();
    }

    private static Invocation invocation(
            Headers.Reader headers, List<Header> fields, Target target, ReplyTo replyTo, String id, byte[] body)
            throws MalformedRecord {
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw new MalformedRecord(
                    "the id has " + id.length() + " characters, 1 to " + MAX_ID_LENGTH + " are taken");
        }
        var path = headers.text(PATH).orElse("");
        if (!path.isEmpty() && !path.startsWith("/")) {
            throw new MalformedRecord("header " + PATH + " does not start with a slash");
        }
        var http = new Invocation.HttpHead(
                headers.text(METHOD).orElse("POST"), path, headers.text(QUERY).orElse(""), fields);
        return new Invocation(
                id,
                headers.text(SOURCE).orElse("/"),
                target,
                deadline(headers),
                replyTo,
                http,
                headers.text(TRACEPARENT),
                body == null ? EMPTY : body);
    }

    static Optional<Deadline> deadline(Headers.Reader headers) throws MalformedRecord {
        var at = headers.number(DEADLINE);
        var remaining = headers.number(REMAINING);
        if (at.isEmpty()) {
            return Optional.empty();
        }
        if (at.get() < 0 || (remaining.isPresent() && remaining.get() < 1)) {
            throw new MalformedRecord("the deadline is negative");
        }
        return Optional.of(new Deadline(at.get(), remaining.orElse(Long.MAX_VALUE)));
    }

    private static Pieces pieces(Headers.Reader headers) throws MalformedRecord {
        try {
            return new Pieces(
                    Math.toIntExact(headers.requireLong(BODY_PARTITION)),
                    headers.requireLong(BODY_OFFSET),
                    headers.requireLong(BODY_LAST_OFFSET),
                    Math.toIntExact(headers.requireLong(BODY_PIECES)),
                    Math.toIntExact(headers.requireLong(BODY_SIZE)));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedRecord("the place of the body is none");
        }
    }

    private static int partition(Headers.Reader headers, String name) throws MalformedRecord {
        var partition = headers.requireLong(name);
        if (partition < 0 || partition > Integer.MAX_VALUE) {
            throw new MalformedRecord("header " + name + " is not a partition");
        }
        return (int) partition;
    }
}
