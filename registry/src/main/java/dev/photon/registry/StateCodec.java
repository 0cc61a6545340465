package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * States as JSON records of {@code photon.functions}: the key says what it is about, {@code {"deleted": true}} that
 * it is gone, and headers which region wrote it and when. Fields that a newer build added are ignored. Thread-safe.
 */
final class StateCodec {
    private static final String DELETED = "deleted";
    private static final String ORIGIN = "photon-origin";
    private static final String STAMP = "photon-stamp";
    private static final String CLEARED = "photon-cleared";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new SimpleModule()
                    .addSerializer(Digest.class, new DigestWriter())
                    .addDeserializer(Digest.class, new DigestReader())
                    .addSerializer(TriggerRule.Start.class, new StartWriter())
                    .addDeserializer(TriggerRule.Start.class, new StartReader()))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    /** What versions lack that were deployed before there was such a setting. */
    private static final ObjectNode EARLIER = JSON.valueToTree(Map.of(
            "outbound",
            Manifest.Outbound.NONE,
            "reuse",
            true,
            "scaling",
            Manifest.Scaling.DEFAULT,
            "placement",
            Placement.EVERYWHERE,
            "routes",
            List.of(),
            "triggers",
            List.of()));

    private static final ObjectNode EARLIER_LIMITS = JSON.valueToTree(Manifest.Limits.DEFAULT);
    private static final ObjectNode EARLIER_OUTBOUND = JSON.valueToTree(Manifest.Outbound.NONE);

    private StateCodec() {}

    static ProducerRecord<byte[], byte[]> encode(String topic, Stamped stamped) {
        var state = stamped.state();
        var headers = new RecordHeaders()
                .add(STAMP, text(stamped.stamp().at()))
                .add(CLEARED, text(stamped.stamp().cleared()));
        if (!stamped.origin().isEmpty()) {
            headers.add(ORIGIN, stamped.origin().getBytes(UTF_8));
        }
        return new ProducerRecord<>(topic, null, null, state.key().getBytes(UTF_8), value(state), headers);
    }

    private static byte[] text(long number) {
        return Long.toString(number).getBytes(UTF_8);
    }

    static byte[] value(State state) {
        Object value = switch (state) {
            case State.Version version -> version.manifest();
            case State.Aliased aliased -> aliased.alias();
            case State.Past past -> past.history();
            case State.Key key -> key.apiKey();
            case State.NoKey gone -> Map.of(DELETED, true);
            case State.Condemnation condemnation -> condemnation.artifact();
            case State.Placed placed -> placed.artifact();
            case State.NoPlaced gone -> Map.of(DELETED, true);
            case State.Copied copied -> copied.checkpoint();
            case State.Wished wished -> wished.region();
            case State.Erased erased -> null;
            case State.Sealed sealed -> sealed.secret();
            case State.NoSecret gone -> Map.of(DELETED, true);
            case State.Triggered triggered -> triggered.position();
            case State.NoTrigger gone -> Map.of(DELETED, true);
            case State.Entry entry -> entry.topic();
            case State.NoEntry gone -> Map.of(DELETED, true);
            case State.NoCondemnation gone -> Map.of(DELETED, true);
            case State.NoVersion gone -> Map.of(DELETED, true);
            case State.NoAlias gone -> Map.of(DELETED, true);
        };
        try {
            return value == null ? null : JSON.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads JSON as the values of records are written, with fields that nobody knows passed over. */
    static ObjectReader reader(Class<?> type) {
        return JSON.readerFor(type);
    }

    static Decoded<Stamped> decode(ConsumerRecord<byte[], byte[]> source) {
        if (source.key() == null) {
            return new Decoded.Malformed<>("the record has no key");
        }
        var key = new String(source.key(), UTF_8);
        if (source.value() == null) {
            return erased(key.split("/", -1))
                    .<Decoded<Stamped>>map(state -> new Decoded.Valid<>(stamped(source, state)))
                    .orElseGet(() -> new Decoded.Malformed<>("the record has no value"));
        }
        try {
            var state = state(key.split("/", -1), JSON.readTree(source.value()));
            return state.isPresent() && state.get().key().equals(key)
                    ? new Decoded.Valid<>(stamped(source, state.get()))
                    : new Decoded.Malformed<>("key and value are not of one thing");
        } catch (IOException | RuntimeException e) {
            return new Decoded.Malformed<>("the value is not a state");
        }
    }

    static Stamped stamped(ConsumerRecord<byte[], byte[]> source, State state) {
        // Records without a stamp are from before there were several regions: of one, their order is the log's.
        var at = number(source, STAMP).orElseGet(() -> Stamp.atMillis(Math.max(1, source.timestamp())));
        var cleared = number(source, CLEARED).orElse(0L);
        return new Stamped(state, origin(source), new Stamp(at, cleared));
    }

    /** The region that wrote a record; empty for one from before there were several. */
    static String origin(ConsumerRecord<?, ?> source) {
        return header(source, ORIGIN).orElse("");
    }

    private static Optional<Long> number(ConsumerRecord<?, ?> source, String header) {
        try {
            return header(source, header).map(Long::valueOf);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> header(ConsumerRecord<?, ?> source, String name) {
        return Optional.ofNullable(source.headers().lastHeader(name))
                .filter(header -> header.value() != null)
                .map(header -> new String(header.value(), UTF_8));
    }

    private static Optional<State> state(String[] key, JsonNode value) throws IOException {
        var deleted = value.path(DELETED).asBoolean();
        return switch (key[0]) {
            case State.VERSION ->
                deleted ? named(key, State.NoVersion::new) : version(JSON.treeToValue(complete(value), Manifest.class));
            case State.ALIAS ->
                deleted
                        ? named(key, State.NoAlias::new)
                        : Optional.of(new State.Aliased(JSON.treeToValue(value, Alias.class)));
            case State.API_KEY ->
                Optional.of(deleted ? new State.NoKey(key[1]) : new State.Key(JSON.treeToValue(value, ApiKey.class)));
            case State.CONDEMNED ->
                deleted
                        ? Digest.parse(key[1]).map(State.NoCondemnation::new)
                        : Optional.of(new State.Condemnation(JSON.treeToValue(value, Condemned.class)));
            case State.SECRET ->
                Optional.of(
                        deleted ? new State.NoSecret(key[1]) : new State.Sealed(JSON.treeToValue(value, Secret.class)));
            case State.PLACED ->
                deleted
                        ? Digest.parse(key[1]).map(State.NoPlaced::new)
                        : Optional.of(new State.Placed(JSON.treeToValue(value, Artifact.class)));
            case State.TRIGGER ->
                deleted
                        ? named(key, State.NoTrigger::new)
                        : Optional.of(new State.Triggered(JSON.treeToValue(value, TriggerPosition.class)));
            case State.ENTRY ->
                Optional.of(
                        deleted
                                ? new State.NoEntry(key[1])
                                : new State.Entry(JSON.treeToValue(value, EntryTopic.class)));
            case State.CHECKPOINT -> Optional.of(new State.Copied(JSON.treeToValue(value, Checkpoint.class)));
            case State.HISTORY -> Optional.of(new State.Past(JSON.treeToValue(value, History.class)));
            case State.REGION -> Optional.of(new State.Wished(JSON.treeToValue(value, RegionState.class)));
            default -> Optional.empty();
        };
    }

    /** What of the region's own is erased is deleted; of what regions share, it is as if it had never been said. */
    private static Optional<State> erased(String[] key) {
        var parts = key.length;
        return switch (key[0]) {
            case State.VERSION, State.ALIAS ->
                parts == 3 ? Optional.of(new State.Erased(String.join("/", key))) : Optional.empty();
            case State.HISTORY, State.API_KEY, State.REGION ->
                parts == 2 ? Optional.of(new State.Erased(String.join("/", key))) : Optional.empty();
            case State.TRIGGER -> named(key, State.NoTrigger::new);
            case State.SECRET -> parts == 2 ? Optional.of(new State.NoSecret(key[1])) : Optional.empty();
            case State.ENTRY -> parts == 2 ? Optional.of(new State.NoEntry(key[1])) : Optional.empty();
            case State.PLACED -> parts == 2 ? Digest.parse(key[1]).map(State.NoPlaced::new) : Optional.empty();
            case State.CONDEMNED -> parts == 2 ? Digest.parse(key[1]).map(State.NoCondemnation::new) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<State> named(String[] key, BiFunction<String, String, State> gone) {
        return key.length == 3 ? Optional.of(gone.apply(key[1], key[2])) : Optional.empty();
    }

    private static JsonNode complete(JsonNode manifest) {
        var complete = complete(manifest, EARLIER);
        complete.set("limits", complete(manifest.path("limits"), EARLIER_LIMITS));
        return complete.set("outbound", complete(manifest.path("outbound"), EARLIER_OUTBOUND));
    }

    private static ObjectNode complete(JsonNode value, ObjectNode earlier) {
        var complete = JSON.createObjectNode().<ObjectNode>setAll(earlier);
        value.properties().forEach(field -> complete.set(field.getKey(), field.getValue()));
        return complete;
    }

    private static Optional<State> version(Manifest manifest) {
        return Versions.isValid(manifest.version()) ? Optional.of(new State.Version(manifest)) : Optional.empty();
    }

    private static final class DigestWriter extends JsonSerializer<Digest> {
        @Override
        public void serialize(Digest digest, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(digest.toString());
        }
    }

    private static final class DigestReader extends JsonDeserializer<Digest> {
        @Override
        public Digest deserialize(JsonParser json, DeserializationContext context)
                throws IOException, JacksonException {
            return Digest.parse(json.getValueAsString(""))
                    .orElseThrow(() -> context.weirdStringException("", Digest.class, "not a digest"));
        }
    }

    private static final class StartWriter extends JsonSerializer<TriggerRule.Start> {
        @Override
        public void serialize(TriggerRule.Start start, JsonGenerator json, SerializerProvider provider)
                throws IOException {
            json.writeString(start.toString());
        }
    }

    private static final class StartReader extends JsonDeserializer<TriggerRule.Start> {
        @Override
        public TriggerRule.Start deserialize(JsonParser json, DeserializationContext context)
                throws IOException, JacksonException {
            return TriggerRule.Start.parse(json.getValueAsString(""))
                    .orElseThrow(() -> context.weirdStringException("", TriggerRule.Start.class, "not a start"));
        }
    }
}
