package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** Finds out where a version runs without decoding the rest of it. Thread-safe. */
final class PlacementScan {
    private static final ObjectReader PLACEMENT = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build()
            .readerFor(Placement.class);

    private PlacementScan() {}

    /**
     * Whether a record is of a version, the one that its key says, that surely runs in the region. Of what is false, the
     * codec says whether it is a state at all.
     *
     * @param key of a version
     */
    static boolean runsIn(String region, byte[] key, byte[] value) {
        try (var json = PLACEMENT.getFactory().createParser(value)) {
            return json.nextToken() == JsonToken.START_OBJECT
                    && Seen.of(json).runsIn(region, new String(key, UTF_8))
                    && json.nextToken() == null;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** What counts of a version. Of a field that is there twice the last counts, as for the codec. */
    private record Seen(String name, String version, Placement placement) {

        /** Reads to the end of the object. */
        static Seen of(JsonParser json) throws IOException {
            var name = "";
            var version = "";
            var placement = Placement.EVERYWHERE;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "name" -> name = text(json);
                    case "version" -> version = text(json);
                    case "placement" -> placement = placement(json);
                    default -> json.skipChildren();
                }
            }
            return new Seen(name, version, placement);
        }

        private static String text(JsonParser json) throws IOException {
            return expect(JsonToken.VALUE_STRING, json).getText();
        }

        private static Placement placement(JsonParser json) throws IOException {
            return PLACEMENT.readValue(expect(JsonToken.START_OBJECT, json));
        }

        private static JsonParser expect(JsonToken token, JsonParser json) throws IOException {
            if (json.currentToken() != token) {
                throw new IOException("not of a version");
            }
            return json;
        }

        boolean runsIn(String region, String key) {
            return key.equals(String.join("/", State.VERSION, name, version)) && placement.includes(region);
        }
    }
}
