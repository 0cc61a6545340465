package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The header names of our records, and the two directions between text and Kafka's headers. The names with {@code ce_}
 * are CloudEvents attributes in Kafka's binary content mode (Kafka Protocol Binding for CloudEvents 1.0.2, section
 * 3.2), so that any CloudEvents SDK can write and read them.
 */
final class Headers {
    static final String SPEC_VERSION = "ce_specversion";
    static final String ID = "ce_id";
    static final String SOURCE = "ce_source";
    static final String TYPE = "ce_type";
    static final String SCHEMA = "ce_photonschema";
    static final String FUNCTION = "ce_photonfunction";
    static final String VERSION = "ce_photonversion";
    static final String DIGEST = "ce_photondigest";
    static final String VIEW = "ce_photonview";
    static final String ORIGIN = "ce_photonorigin";
    static final String ORIGIN_VIEW = "ce_photonoriginview";
    static final String DEADLINE = "ce_photondeadline";
    static final String REMAINING = "ce_photonremaining";
    static final String REPLY_PARTITION = "ce_photonreplypartition";
    static final String REPLY_INSTANCE = "ce_photonreplyinstance";
    static final String REPLY_TOPIC = "ce_photonreplytopic";
    static final String RESULT_PARTITION = "ce_photonresultpartition";
    static final String PAYLOAD = "ce_photonpayload";
    static final String REPLAYED = "ce_photonreplayed";
    static final String RESULT_OPEN = "ce_photonresultopen";
    static final String METHOD = "ce_photonmethod";
    static final String PATH = "ce_photonpath";
    static final String QUERY = "ce_photonquery";
    static final String TRACEPARENT = "ce_traceparent";
    static final String STATUS = "ce_photonstatus";
    static final String ERROR = "ce_photonerror";
    static final String MESSAGE = "ce_photonmessage";
    static final String EXECUTOR = "ce_photonexecutor";
    static final String POOL = "ce_photonpool";
    static final String QUEUED = "ce_photonqueued";
    static final String COLD_START = "ce_photoncoldstart";
    static final String RUN = "ce_photonrun";
    static final String BODY = "ce_photonbody";
    static final String BODY_PARTITION = "ce_photonbodypartition";
    static final String BODY_OFFSET = "ce_photonbodyoffset";
    static final String BODY_LAST_OFFSET = "ce_photonbodylastoffset";
    static final String BODY_PIECES = "ce_photonbodypieces";
    static final String BODY_SIZE = "ce_photonbodysize";
    static final String CONTENT_TYPE = "content-type";
    static final String HTTP_PREFIX = "http_";

    private Headers() {}

    /** A builder of record headers. Confined to its thread. */
    static final class Writer {
        private final RecordHeaders headers = new RecordHeaders();

        Writer put(String name, String value) {
            headers.add(name, value.getBytes(UTF_8));
            return this;
        }

        Writer put(String name, long value) {
            return put(name, Long.toString(value));
        }

        Writer put(String name, Optional<String> value) {
            value.ifPresent(text -> put(name, text));
            return this;
        }

        Writer event(String type, String id, String source) {
            return put(SPEC_VERSION, "1.0")
                    .put(TYPE, type)
                    .put(ID, id)
                    .put(SOURCE, source)
                    .put(SCHEMA, "1");
        }

        /** The content type is the record's own header by the CloudEvents binding; every other goes by its name. */
        Writer http(List<Header> fields) {
            for (var field : fields) {
                put(field.name().equals(CONTENT_TYPE) ? CONTENT_TYPE : HTTP_PREFIX + field.name(), field.value());
            }
            return this;
        }

        RecordHeaders build() {
            return headers;
        }
    }

    /** The headers of one record as text; of several with one name the last counts, HTTP fields excepted. */
    static final class Reader {
        private final Map<String, String> single = new HashMap<>();
        private final List<Header> http = new ArrayList<>();

        Reader(ConsumerRecord<?, ?> source) {
            this(source.headers());
        }

        Reader(Iterable<org.apache.kafka.common.header.Header> headers) {
            for (var header : headers) {
                if (header.value() == null) {
                    continue;
                }
                var value = new String(header.value(), UTF_8);
                if (header.key().startsWith(HTTP_PREFIX)) {
                    http.add(new Header(
                            header.key().substring(HTTP_PREFIX.length()).toLowerCase(Locale.ROOT), value));
                } else {
                    single.put(header.key(), value);
                }
            }
            text(CONTENT_TYPE).ifPresent(type -> http.add(new Header(CONTENT_TYPE, type)));
        }

        List<Header> http() {
            return http;
        }

        Optional<String> text(String name) {
            return Optional.ofNullable(single.get(name));
        }

        /** An empty value says as little as none. */
        Optional<String> nonEmpty(String name) {
            return text(name).filter(value -> !value.isEmpty());
        }

        String require(String name) throws MalformedRecord {
            var value = single.get(name);
            if (value == null || value.isEmpty()) {
                throw new MalformedRecord("header " + name + " is missing");
            }
            return value;
        }

        long requireLong(String name) throws MalformedRecord {
            return parse(name, require(name));
        }

        Optional<Long> number(String name) throws MalformedRecord {
            var value = single.get(name);
            return value == null ? Optional.empty() : Optional.of(parse(name, value));
        }

        void requireSchema() throws MalformedRecord {
            var schema = require(SCHEMA);
            if (!schema.equals("1")) {
                throw new MalformedRecord("schema version is not 1, the only one this build reads");
            }
        }

        private static long parse(String name, String value) throws MalformedRecord {
            try {
                return Long.parseLong(value);
            } catch (NumberFormatException e) {
                throw new MalformedRecord("header " + name + " is not a whole number");
            }
        }
    }
}
