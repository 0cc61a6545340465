package dev.photon.ingress;

import dev.photon.protocol.Settings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What an ingress puts up with from its clients.
 *
 * @param tls with it the port speaks HTTPS, and nothing else
 * @param maxConnections open at once, over all event loops
 * @param keepAliveMillis how long a connection may stay open with nothing to do
 * @param clientMillis how long a client may take for the head of a request; for the rest of it, and for reading the answer,
 *     over what time it must keep up with 500 bytes a second
 * @param graceMillis what is in flight when the process is told to end may take until it is answered
 */
public record HttpConfig(
        Optional<TlsFiles> tls, int maxConnections, int keepAliveMillis, int clientMillis, int graceMillis) {
    private static final String CERTIFICATE = "PHOTON_TLS_CERT";
    private static final String KEY = "PHOTON_TLS_KEY";

    public static final Set<String> KEYS = Set.of(
            CERTIFICATE, KEY, "PHOTON_MAX_CONNECTIONS", "PHOTON_KEEP_ALIVE_MS", "PHOTON_CLIENT_MS", "PHOTON_GRACE_MS");

    public static HttpConfig read(Settings settings) {
        return new HttpConfig(
                tls(settings),
                settings.integer("PHOTON_MAX_CONNECTIONS", 10_000, 1, 1_000_000),
                settings.integer("PHOTON_KEEP_ALIVE_MS", 75_000, 1_000, 3_600_000),
                settings.integer("PHOTON_CLIENT_MS", 20_000, 200, 600_000),
                settings.integer("PHOTON_GRACE_MS", 20_000, 0, 3_600_000));
    }

    private static Optional<TlsFiles> tls(Settings settings) {
        settings.bothOrNone(CERTIFICATE, KEY);
        var certificate = settings.text(CERTIFICATE, "");
        var key = settings.text(KEY, "");
        return certificate.isEmpty() || key.isEmpty()
                ? Optional.empty()
                : Optional.of(new TlsFiles(Path.of(certificate), Path.of(key)));
    }
}
