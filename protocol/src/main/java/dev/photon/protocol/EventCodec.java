package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Records of users' topics as invocations of a function: CloudEvents in binary and in structured mode (Kafka Protocol
 * Binding for CloudEvents 1.0.2), and plain records. A function sees an event in one form, that of the HTTP binding's
 * binary mode. Stateless, thread-safe.
 */
public final class EventCodec {
    private static final String METHOD = "POST";
    private static final String PATH = "/";
    private static final String TRACEPARENT = "traceparent";
    private static final String TRACE_ATTRIBUTE = CloudEventText.RECORD_PREFIX + TRACEPARENT;

    /** Kafka's own headers of a record begin so for a function; the record's headers cannot. */
    private static final String OTHER_PREFIX = "kafka-header-";

    /** W3C Trace Context, section 3.2. */
    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private static final byte[] EMPTY = {};

    private EventCodec() {}

    /**
     * How a record is run.
     *
     * @param attempt 1 for the first
     * @param redelivered whether it may have run before without our knowing
     */
    public record Run(int attempt, boolean redelivered) {}

    /** Whether a field, its name in any case, tells of a trigger's record; a caller's must not pass for one. */
    public static boolean isOwn(String field) {
        var name = field.toLowerCase(Locale.ROOT);
        return name.startsWith("kafka-") || name.equals("photon-attempt") || name.equals("photon-redelivered");
    }

    /** Whom events of a function are from: topics of two regions may have the same places, and meet in one reader. */
    public static String from(String region, String function) {
        return "/regions/" + region + "/fn/" + function;
    }

    /** What names a record's invocation, whichever attempt it is. */
    public static String id(ConsumerRecord<byte[], byte[]> source) {
        return source.topic() + "-" + source.partition() + "-" + source.offset();
    }

    /**
     * The invocation of a record. Malformed is only what says that it is a structured CloudEvent and is none.
     *
     * @param function to be run in its latest version
     */
    public static Decoded<Invocation> decode(ConsumerRecord<byte[], byte[]> source, String function, Run run) {
        return MalformedRecord.decode(() -> {
            var fields = new EventFields();
            var trace = traceparent(source);
            place(fields, source, run);
            trace.ifPresent(parent -> fields.own(TRACEPARENT, parent));
            var body = content(fields, source);
            others(fields, source);
            return new Invocation(
                    id(source),
                    "/kafka/" + source.topic() + "/" + source.partition(),
                    new Target.Named(function, Optional.empty()),
                    Optional.empty(),
                    new ReplyTo.Nobody(),
                    new Invocation.HttpHead(METHOD, PATH, "", fields.build()),
                    trace,
                    body);
        });
    }

    private static void place(EventFields fields, ConsumerRecord<byte[], byte[]> source, Run run) {
        fields.own("kafka-topic", source.topic())
                .own("kafka-partition", Integer.toString(source.partition()))
                .own("kafka-offset", Long.toString(source.offset()))
                .own("photon-attempt", Integer.toString(run.attempt()));
        if (source.timestamp() >= 0) {
            fields.own("kafka-timestamp", Long.toString(source.timestamp()));
        }
        if (run.redelivered()) {
            fields.own("photon-redelivered", "possible");
        }
        if (source.value() == null) {
            fields.own("kafka-tombstone", "true");
        }
        if (source.key() != null && source.key().length <= EventFields.MAX_VALUE) {
            key(fields, source.key());
        }
    }

    /** Only what comes out as the same octets is told as text. */
    private static void key(EventFields fields, byte[] key) {
        var text = new String(key, UTF_8);
        if (EventFields.isValue(text)) {
            fields.own("kafka-key", text);
        } else {
            fields.own("kafka-key-base64", Base64.getEncoder().encodeToString(key));
        }
    }

    private static byte[] content(EventFields fields, ConsumerRecord<byte[], byte[]> source) throws MalformedRecord {
        var type = last(source, Headers.CONTENT_TYPE);
        if (type.filter(StructuredEvent::is).isPresent() && source.value() != null) {
            var event = StructuredEvent.parse(source.value());
            event.contentType().ifPresent(declared -> fields.add(Headers.CONTENT_TYPE, declared));
            event.attributes().forEach(fields::attribute);
            return event.data();
        }
        type.ifPresent(declared -> fields.add(Headers.CONTENT_TYPE, declared));
        attributes(source).forEach(fields::attribute);
        return source.value() == null ? EMPTY : source.value();
    }

    /** Of several with one name the last counts. */
    private static Map<String, String> attributes(ConsumerRecord<byte[], byte[]> source) {
        var attributes = new LinkedHashMap<String, String>();
        for (var header : source.headers()) {
            if (isAttribute(header.key()) && header.value() != null && header.value().length <= EventFields.MAX_VALUE) {
                attributes.put(
                        header.key().substring(CloudEventText.RECORD_PREFIX.length()),
                        new String(header.value(), UTF_8));
            }
        }
        return attributes;
    }

    private static void others(EventFields fields, ConsumerRecord<byte[], byte[]> source) {
        for (var header : source.headers()) {
            var name = header.key();
            if (!isAttribute(name)
                    && !name.equals(Headers.CONTENT_TYPE)
                    && !name.toLowerCase(Locale.ROOT).equals(TRACEPARENT)) {
                fields.add(OTHER_PREFIX, name, header.value());
            }
        }
    }

    private static boolean isAttribute(String name) {
        return name.startsWith(CloudEventText.RECORD_PREFIX);
    }

    /** W3C Trace Context has what is malformed ignored. */
    public static boolean isTrace(String parent) {
        return TRACE.matcher(parent).matches();
    }

    /** What a record is a part of: by the extension of CloudEvents, or as Kafka's instrumentations write it. */
    public static Optional<String> traceparent(ConsumerRecord<byte[], byte[]> source) {
        return last(source, TRACE_ATTRIBUTE).or(() -> last(source, TRACEPARENT)).filter(EventCodec::isTrace);
    }

    private static Optional<String> last(ConsumerRecord<byte[], byte[]> source, String name) {
        return Optional.ofNullable(source.headers().lastHeader(name))
                .flatMap(header -> Optional.ofNullable(header.value()))
                .map(value -> new String(value, UTF_8));
    }
}
