package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Manifests as JSON records of {@code photon.functions}. Fields that a newer build added are ignored. Thread-safe. */
final class ManifestCodec {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Digest.class, new DigestWriter())
                    .addDeserializer(Digest.class, new DigestReader()))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private ManifestCodec() {}

    static ProducerRecord<byte[], byte[]> encode(String topic, Manifest manifest) {
        try {
            return new ProducerRecord<>(topic, manifest.key().getBytes(UTF_8), JSON.writeValueAsBytes(manifest));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Decoded<Manifest> decode(ConsumerRecord<byte[], byte[]> source) {
        if (source.key() == null || source.value() == null) {
            return new Decoded.Malformed<>("the record has no key or no value");
        }
        try {
            var manifest = JSON.readValue(source.value(), Manifest.class);
            if (manifest == null || !manifest.key().equals(new String(source.key(), UTF_8))) {
                return new Decoded.Malformed<>("key and value are not of one version");
            }
            return Versions.isValid(manifest.version())
                    ? new Decoded.Valid<>(manifest)
                    : new Decoded.Malformed<>("the version is not a semantic version");
        } catch (IOException | RuntimeException e) {
            return new Decoded.Malformed<>("the value is not a manifest");
        }
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
}
