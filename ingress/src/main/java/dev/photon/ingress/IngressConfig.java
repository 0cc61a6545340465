package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Digest;
import dev.photon.protocol.Invocation;
import dev.photon.protocol.Settings;
import dev.photon.registry.ArtifactStore;
import dev.photon.registry.SecretBox;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * How an ingress serves.
 *
 * @param port 0 takes a free one
 * @param eventLoops threads that serve HTTP, 1 to 256
 * @param maxInFlight requests admitted at once, over all functions
 * @param maxInFlightPerFunction requests admitted at once for one function
 * @param maxAsyncPerFunction calls of one function that were taken for an answer later and have not ended
 * @param maxArtifactBytes the largest module that may be uploaded
 * @param maxAssetsBytes the largest archive of static files that may be uploaded
 * @param maxRequestBytes the largest body of a call
 * @param cache where modules are kept that were asked for
 * @param operatorKey the hash of a key that may do everything
 * @param secrets seals the values of secrets
 * @param regionsCa certificates (PEM) that sign those of other regions, in place of those that the JDK trusts
 * @param queueMillis what a request may wait for its run, beyond the function's own time limit
 * @param asyncQueueMillis the same, when the answer is asked for later
 */
public record IngressConfig(
        String host,
        int port,
        int eventLoops,
        int maxInFlight,
        int maxInFlightPerFunction,
        int maxAsyncPerFunction,
        int maxArtifactBytes,
        int maxAssetsBytes,
        int maxRequestBytes,
        int queueMillis,
        int asyncQueueMillis,
        Path cache,
        Optional<Digest> operatorKey,
        Optional<SecretBox> secrets,
        Optional<Path> regionsCa) {
    private static final String OPERATOR_KEY = "PHOTON_API_KEY";
    private static final String REGIONS_CA = "PHOTON_REGIONS_CA";
    private static final int MIN_KEY_LENGTH = 16;

    public static final Set<String> KEYS = Set.of(
            "PHOTON_HOST",
            "PHOTON_PORT",
            "PHOTON_EVENT_LOOPS",
            "PHOTON_MAX_IN_FLIGHT",
            "PHOTON_MAX_IN_FLIGHT_PER_FUNCTION",
            "PHOTON_MAX_ASYNC_PER_FUNCTION",
            "PHOTON_MAX_ARTIFACT_BYTES",
            "PHOTON_MAX_ASSETS_BYTES",
            "PHOTON_MAX_REQUEST_BYTES",
            "PHOTON_QUEUE_MS",
            "PHOTON_ASYNC_QUEUE_MS",
            "PHOTON_CACHE",
            OPERATOR_KEY,
            Settings.fileOf(OPERATOR_KEY),
            REGIONS_CA,
            SecretBox.SETTING,
            Settings.fileOf(SecretBox.SETTING));

    public static IngressConfig read(Settings settings) {
        return new IngressConfig(
                settings.text("PHOTON_HOST", "127.0.0.1"),
                settings.integer("PHOTON_PORT", 8080, 0, 65_535),
                settings.integer("PHOTON_EVENT_LOOPS", Runtime.getRuntime().availableProcessors(), 1, 256),
                settings.integer("PHOTON_MAX_IN_FLIGHT", 4096, 1, 1_000_000),
                settings.integer("PHOTON_MAX_IN_FLIGHT_PER_FUNCTION", 2048, 1, 1_000_000),
                settings.integer("PHOTON_MAX_ASYNC_PER_FUNCTION", 512, 1, 1_000_000),
                settings.integer("PHOTON_MAX_ARTIFACT_BYTES", 5 * 1024 * 1024, 1, 900_000_000),
                settings.integer("PHOTON_MAX_ASSETS_BYTES", 100 * 1024 * 1024, 1, 1_000_000_000),
                settings.integer("PHOTON_MAX_REQUEST_BYTES", Invocation.DEFAULT_BODY_BYTES, 1, 1 << 30),
                settings.integer("PHOTON_QUEUE_MS", 5_000, 0, 900_000),
                settings.integer("PHOTON_ASYNC_QUEUE_MS", 600_000, 1, 900_000),
                ArtifactStore.folder(settings),
                settings.secret(OPERATOR_KEY, MIN_KEY_LENGTH).map(key -> Digest.of(key.getBytes(UTF_8))),
                SecretBox.read(settings),
                Optional.of(settings.text(REGIONS_CA, ""))
                        .filter(file -> !file.isEmpty())
                        .map(Path::of));
    }
}
