package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;

/**
 * Records of entry topics, which anybody wrote who may write the topic, held to what an ingress takes of a request. Total:
 * of a record that is refused it is known why, and whether its publisher can be told. Stateless, thread-safe.
 *
 * <pre>
 * may its answer go there? → well formed? → may that function be called? → deadline capped → invocation
 * </pre>
 */
public final class EntryCodec {
    private static final int MAX_ID = 128;
    private static final int MAX_SOURCE = 1_024;
    private static final int MAX_VERSION = 256;
    private static final char DELETE = 0x7f;

    private static final Pattern FUNCTION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    /** RFC 9110, section 5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
    /** What RFC 3986 allows between the slashes, and a few characters more that browsers send. */
    private static final Pattern PATH = Pattern.compile("[!-~&&[^?#]]*");

    private static final Pattern QUERY = Pattern.compile("[!-~&&[^#]]*");

    private EntryCodec() {}

    /** What comes of a record. */
    public sealed interface Entry {}

    /** It is to be run. */
    public record Taken(Invocation invocation) implements Entry {}

    /**
     * It must not be run.
     *
     * @param reason one sentence, which quotes nothing of the record
     * @param id of the invocation that it would have been
     * @param replyTo where its publisher is told; {@link ReplyTo.Nobody} when it must not be
     */
    public record Refused(ErrorKind kind, String reason, String id, ReplyTo replyTo) implements Entry {}

    /** Leaves the checks. */
    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1;
        private final ErrorKind kind;

        Unfit(ErrorKind kind, String reason) {
            super(reason, null, false, false);
            this.kind = kind;
        }
    }

    /**
     * Reads a record.
     *
     * @param reserved whether a topic is one that no answer may go to, whatever the rule says
     * @param nowMillis since 1970-01-01T00:00Z
     */
    public static Entry decode(
            ConsumerRecord<byte[], byte[]> source, EntryRule rule, Predicate<String> reserved, long nowMillis) {
        var headers = new Headers.Reader(source);
        ReplyTo replyTo = new ReplyTo.Nobody();
        try {
            var wished = headers.nonEmpty(Headers.REPLY_TOPIC);
            if (wished.isPresent()) {
                requireReplyTopic(wished.get(), rule, reserved);
                replyTo = new ReplyTo.Topic(wished.get());
            }
            return new Taken(taken(source, rule, nowMillis));
        } catch (Unfit e) {
            return new Refused(e.kind, e.getMessage(), id(headers, source), replyTo);
        }
    }

    private static Invocation taken(ConsumerRecord<byte[], byte[]> source, EntryRule rule, long nowMillis)
            throws Unfit {
        var invocation = switch (InvocationCodec.decodeEntry(source)) {
            case Decoded.Valid<Invocation> valid -> valid.value();
            case Decoded.Malformed<Invocation> odd -> throw new Unfit(ErrorKind.BAD_REQUEST, odd.reason());
        };
        check(invocation);
        if (!rule.allowsFunction(invocation.target().function())) {
            throw new Unfit(ErrorKind.FORBIDDEN, "the function may not be called through this topic");
        }
        var http = invocation.http();
        return new Invocation(
                invocation.id(),
                source(invocation, source),
                invocation.target(),
                deadline(invocation.deadline(), published(source, nowMillis), rule.deadlineMillis()),
                invocation.replyTo(),
                new Invocation.HttpHead(http.method(), http.path(), http.query(), forFunctions(http.headers())),
                invocation.traceparent().filter(EventCodec::isTrace),
                invocation.body());
    }

    /** A topic that is made anew has the same places again, but not at the same time. */
    private static String source(Invocation invocation, ConsumerRecord<byte[], byte[]> source) {
        return new Headers.Reader(source).nonEmpty(Headers.ID).isPresent()
                ? invocation.source()
                : invocation.source() + "#" + source.timestamp();
    }

    /** As an ingress leaves them out. */
    private static List<Header> forFunctions(List<Header> fields) {
        return fields.stream()
                .filter(field -> !RequestFields.NOT_FORWARDED.contains(field.name()))
                .toList();
    }

    private static void requireReplyTopic(String topic, EntryRule rule, Predicate<String> reserved) throws Unfit {
        try {
            Topic.validate(topic);
        } catch (InvalidTopicException e) {
            throw new Unfit(ErrorKind.BAD_REQUEST, "the reply topic is no topic's name");
        }
        if (reserved.test(topic)) {
            throw new Unfit(ErrorKind.FORBIDDEN, "the reply topic is a reserved one");
        }
        if (!rule.allowsReplyTopic(topic)) {
            throw new Unfit(ErrorKind.FORBIDDEN, "the reply topic is none of those of this entry topic");
        }
    }

    private static void check(Invocation invocation) throws Unfit {
        require(FUNCTION, invocation.target().function(), Headers.FUNCTION);
        if (invocation.target() instanceof Target.Named named && named.version().isPresent()) {
            requireText(named.version().get(), MAX_VERSION, Headers.VERSION);
        }
        requireText(invocation.id(), MAX_ID, Headers.ID);
        requireText(invocation.source(), MAX_SOURCE, Headers.SOURCE);
        checkLine(invocation.http());
        checkFields(invocation.http());
        if (invocation.body().length > Invocation.DEFAULT_BODY_BYTES) {
            throw new Unfit(ErrorKind.TOO_LARGE, "a body has at most " + Invocation.DEFAULT_BODY_BYTES + " bytes");
        }
    }

    private static void checkLine(Invocation.HttpHead http) throws Unfit {
        require(TOKEN, http.method(), Headers.METHOD);
        require(PATH, http.path(), Headers.PATH);
        require(QUERY, http.query(), Headers.QUERY);
        var bytes = http.method().length() + http.path().length() + http.query().length();
        if (bytes > RequestFields.MOST_LINE_BYTES) {
            throw new Unfit(
                    ErrorKind.URI_TOO_LONG,
                    "method, path and query have at most " + RequestFields.MOST_LINE_BYTES + " bytes");
        }
    }

    private static void checkFields(Invocation.HttpHead http) throws Unfit {
        var bytes = 0L;
        for (var field : http.headers()) {
            bytes += field.name().length() + field.value().getBytes(UTF_8).length;
            if (!TOKEN.matcher(field.name()).matches() || !isFieldValue(field.value())) {
                throw new Unfit(ErrorKind.BAD_REQUEST, "an HTTP field has a name or a value that HTTP does not take");
            }
        }
        if (http.headers().size() > RequestFields.MOST || bytes > RequestFields.MOST_BYTES) {
            throw new Unfit(
                    ErrorKind.FIELDS_TOO_LARGE,
                    "a call has at most %d HTTP fields of %d bytes together"
                            .formatted(RequestFields.MOST, RequestFields.MOST_BYTES));
        }
    }

    private static void require(Pattern pattern, String text, String header) throws Unfit {
        if (!pattern.matcher(text).matches()) {
            throw new Unfit(ErrorKind.BAD_REQUEST, "header " + header + " has characters that are not taken there");
        }
    }

    private static void requireText(String text, int most, String header) throws Unfit {
        if (!isText(text, most)) {
            throw new Unfit(
                    ErrorKind.BAD_REQUEST, "header %s has control characters, or more than %d".formatted(header, most));
        }
    }

    private static boolean isText(String text, int most) {
        return text.length() <= most && text.chars().noneMatch(Character::isISOControl);
    }

    /** RFC 9110, section 5.5. */
    private static boolean isFieldValue(String value) {
        return value.chars().allMatch(c -> (c >= ' ' && c != DELETE) || c == '\t');
    }

    private static String id(Headers.Reader headers, ConsumerRecord<byte[], byte[]> source) {
        return headers.nonEmpty(Headers.ID).filter(id -> isText(id, MAX_ID)).orElseGet(() -> EventCodec.id(source));
    }

    /** As its publisher or its broker says, but not later than now. */
    private static long published(ConsumerRecord<byte[], byte[]> source, long nowMillis) {
        return source.timestamp() < 0 ? nowMillis : Math.min(source.timestamp(), nowMillis);
    }

    private static Optional<Deadline> deadline(Optional<Deadline> wished, long published, long most) {
        return most == 0
                ? wished
                : Optional.of(new Deadline(
                        Math.min(
                                published + most,
                                wished.map(Deadline::epochMillis).orElse(Long.MAX_VALUE)),
                        Math.min(most, wished.map(Deadline::remainingMillis).orElse(Long.MAX_VALUE))));
    }
}
