package dev.photon.ingress.scaler;

import dev.photon.protocol.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a ScaledObject asks for in the metadata of its trigger. Immutable.
 *
 * @param pool whose calls alone count; empty for all
 * @param concurrency runs at once that are right for one executor, 1 to 100,000
 * @param queue how long a call may wait for its run, up to an hour
 * @param run how long a run takes as long as no reply has told, 1 ms to 15 min
 * @param idle how long there must be nothing to do before the last executor may go, up to a day
 */
record Wish(Optional<String> pool, int concurrency, Duration queue, Duration run, Duration idle) {
    private static final Set<String> KEYS = Set.of("pool", "concurrency", "queueMillis", "runMillis", "idleSeconds");

    /** Those by which KEDA finds us. It hands all of them on. */
    private static final Set<String> KEYS_OF_KEDA =
            Set.of("scalerAddress", "enableTLS", "unsafeSsl", "caCert", "tlsCertFile", "tlsClientCert", "tlsClientKey");

    /** By this ending KEDA knows that a value comes from the environment of the scaled container. */
    private static final String FROM_ENVIRONMENT = "FromEnv";

    /**
     * @throws IllegalArgumentException that says what is wrong
     */
    static Wish read(Map<String, String> metadata) {
        var values = new HashMap<String, String>();
        metadata.forEach((key, value) -> values.put(
                key.endsWith(FROM_ENVIRONMENT) ? key.substring(0, key.length() - FROM_ENVIRONMENT.length()) : key,
                value));
        var settings = new Settings(values::get);
        var wish = new Wish(
                Optional.of(settings.text("pool", "")).filter(pool -> !pool.isEmpty()),
                settings.integer("concurrency", 8, 1, 100_000),
                Duration.ofMillis(settings.integer("queueMillis", 500, 0, 3_600_000)),
                Duration.ofMillis(settings.integer("runMillis", 50, 1, 900_000)),
                Duration.ofSeconds(settings.integer("idleSeconds", 60, 0, 86_400)));
        settings.check();
        refuseUnknown(values.keySet());
        return wish;
    }

    /** Most are misspelt. */
    private static void refuseUnknown(Set<String> keys) {
        for (var key : keys) {
            if (!KEYS.contains(key) && !KEYS_OF_KEDA.contains(key)) {
                throw new IllegalArgumentException("%s is not known; there are %s".formatted(key, new TreeSet<>(KEYS)));
            }
        }
    }
}
