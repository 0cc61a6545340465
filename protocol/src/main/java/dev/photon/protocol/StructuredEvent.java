package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An event with all of it in the value (JSON Event Format for CloudEvents 1.0.2).
 *
 * @param attributes by name, those of the context without {@code datacontenttype}
 */
record StructuredEvent(Map<String, String> attributes, Optional<String> contentType, byte[] data) {
    private static final String MEDIA_TYPE = "application/cloudevents+json";
    private static final String JSON = "application/json";
    private static final String DATA = "data";
    private static final String DATA_BASE64 = "data_base64";
    private static final String CONTENT_TYPE = "datacontenttype";
    private static final List<String> REQUIRED = List.of("id", "source", "type");
    private static final int MAX_ATTRIBUTES = 100;
    private static final byte[] EMPTY = {};

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Whether a content type says that the value is such an event. */
    static boolean is(String contentType) {
        return mediaType(contentType).equals(MEDIA_TYPE);
    }

    private static String mediaType(String contentType) {
        var end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    static StructuredEvent parse(byte[] value) throws MalformedRecord {
        try (var json = FACTORY.createParser(value)) {
            return new Reading(json, value).event();
        } catch (IOException e) {
            throw new MalformedRecord("the value is not the JSON of a CloudEvent");
        }
    }

    /** One event. Confined to its thread. */
    private static final class Reading {
        private final JsonParser json;
        private final byte[] value;
        private final Map<String, String> attributes = new LinkedHashMap<>();
        private Optional<byte[]> binary = Optional.empty();
        private Optional<byte[]> raw = Optional.empty();
        /** What {@code data} says when it is a JSON string. */
        private Optional<String> text = Optional.empty();

        Reading(JsonParser json, byte[] value) {
            this.json = json;
            this.value = value;
        }

        StructuredEvent event() throws IOException, MalformedRecord {
            require(json.nextToken() == JsonToken.START_OBJECT, "the event is not a JSON object");
            while (json.nextToken() != JsonToken.END_OBJECT) {
                var name = json.currentName();
                json.nextToken();
                member(name);
            }
            require(json.nextToken() == null, "something follows the event");
            require("1.0".equals(attributes.get("specversion")), "specversion is not 1.0");
            for (var name : REQUIRED) {
                require(!attributes.getOrDefault(name, "").isEmpty(), "the event has no " + name);
            }
            require(binary.isEmpty() || raw.isEmpty(), "the event has both data and data_base64");
            return made();
        }

        private void member(String name) throws IOException, MalformedRecord {
            if (json.currentToken() == JsonToken.VALUE_NULL) {
                return;
            }
            switch (name) {
                case DATA -> {
                    if (json.currentToken() == JsonToken.VALUE_STRING) {
                        text = Optional.of(json.getText());
                    }
                    raw = Optional.of(slice());
                }
                case DATA_BASE64 -> binary = Optional.of(base64());
                default -> attribute(name);
            }
        }

        /** The octets as they were written, so that no number loses a digit. */
        private byte[] slice() throws IOException, MalformedRecord {
            var from = json.currentTokenLocation().getByteOffset();
            json.skipChildren();
            json.finishToken();
            var to = json.currentLocation().getByteOffset();
            require(from >= 0 && to >= from && to <= value.length, "the event is not in UTF-8");
            return Arrays.copyOfRange(value, (int) from, (int) to);
        }

        private byte[] base64() throws IOException, MalformedRecord {
            require(json.currentToken() == JsonToken.VALUE_STRING, "data_base64 is no text");
            try {
                return Base64.getDecoder().decode(json.getText());
            } catch (IllegalArgumentException e) {
                throw new MalformedRecord("data_base64 is not in base 64");
            }
        }

        private void attribute(String name) throws IOException, MalformedRecord {
            require(EventFields.isAttribute(name), "an attribute's name has other than lower-case letters and digits");
            require(attributes.size() < MAX_ATTRIBUTES, "the event has more than " + MAX_ATTRIBUTES + " attributes");
            require(
                    json.currentToken().isScalarValue() && json.currentToken() != JsonToken.VALUE_NUMBER_FLOAT,
                    "an attribute is neither text nor a whole number nor a boolean");
            attributes.put(name, json.getText());
        }

        private StructuredEvent made() {
            var declared = Optional.ofNullable(attributes.remove(CONTENT_TYPE));
            if (binary.isPresent()) {
                return new StructuredEvent(attributes, declared, binary.get());
            }
            if (raw.isEmpty()) {
                return new StructuredEvent(attributes, declared, EMPTY);
            }
            var type = declared.orElse(JSON);
            var data = text.isPresent() && !isJson(type) ? text.get().getBytes(UTF_8) : raw.get();
            return new StructuredEvent(attributes, Optional.of(type), data);
        }

        /** Section 3.1: {@code application/json}, {@code text/json} and what ends with {@code +json}. */
        private static boolean isJson(String contentType) {
            var type = mediaType(contentType);
            return type.endsWith("/json") || type.endsWith("+json");
        }
    }

    private static void require(boolean holds, String reason) throws MalformedRecord {
        if (!holds) {
            throw new MalformedRecord(reason);
        }
    }
}
