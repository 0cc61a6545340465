package dev.photon.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.photon.protocol.Decoded;
import dev.photon.protocol.Digest;
import dev.photon.protocol.LogLevel;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Decodes of a version only what content it needs and where, for readers who ask for nothing else: its environment, for
 * one, is passed over. Whatever is no such version is left to the {@link StateCodec}. Thread-safe.
 */
final class ContentScan {
    private static final ObjectReader VERSION = StateCodec.reader(Version.class);
    private static final Manifest.Logs NO_LOGS = new Manifest.Logs(false, LogLevel.INFO);

    private ContentScan() {}

    /** What counts of a version; its fields are named as the manifest's. */
    private record Version(
            String name,
            String version,
            Digest digest,
            long size,
            Optional<Placement> placement,
            Manifest.Chunks chunks,
            Optional<Assets> assets,
            Optional<JsonNode> deleted) {

        /** All else is as if nothing had been said of it. */
        Manifest manifest() {
            return new Manifest(
                    name,
                    version,
                    "",
                    "",
                    digest,
                    size,
                    0,
                    Map.of(),
                    Map.of(),
                    Manifest.Limits.DEFAULT,
                    Manifest.Outbound.NONE,
                    true,
                    Manifest.Scaling.DEFAULT,
                    placement.orElse(Placement.EVERYWHERE),
                    "",
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    Manifest.Auth.KEY,
                    NO_LOGS,
                    chunks,
                    assets);
        }
    }

    static Decoded<Stamped> decode(ConsumerRecord<byte[], byte[]> source) {
        return version(source)
                .<Decoded<Stamped>>map(state -> new Decoded.Valid<>(StateCodec.stamped(source, state)))
                .orElseGet(() -> StateCodec.decode(source));
    }

    private static Optional<State> version(ConsumerRecord<byte[], byte[]> source) {
        if (source.value() == null || !StateKeys.kind(source.key()).equals(State.VERSION)) {
            return Optional.empty();
        }
        try {
            Version read = VERSION.readValue(source.value());
            var state = new State.Version(read.manifest());
            return read.deleted().isEmpty()
                            && Versions.isValid(read.version())
                            && state.key().equals(new String(source.key(), UTF_8))
                    ? Optional.of(state)
                    : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
