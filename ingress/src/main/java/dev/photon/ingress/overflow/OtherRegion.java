package dev.photon.ingress.overflow;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Another region, and whether it answers. Thread-safe. */
public final class OtherRegion {
    private final String name;
    private final URI url;
    private final AtomicReference<Standing> standing = new AtomicReference<>(Standing.UNKNOWN);

    OtherRegion(String name, URI url) {
        this.name = name;
        this.url = url;
    }

    public String name() {
        return name;
    }

    /** Where its functions are called; without a path. */
    public URI url() {
        return url;
    }

    public boolean isSecure() {
        return "https".equals(url.getScheme());
    }

    /** The URL's, or its scheme's own. */
    public int port() {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return isSecure() ? 443 : 80;
    }

    /** As it is written in addresses; one of IPv6 without its brackets. */
    public String host() {
        var host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Whether calls may go there now. */
    public boolean isOpen() {
        return standing.get().isOpen();
    }

    /** {@code unknown}, {@code serving}, {@code unready} or {@code unreachable}. */
    public String state() {
        return standing.get().state().name().toLowerCase(Locale.ROOT);
    }

    /** From here to there and back, in the mean of the last probes; empty before the first was answered. */
    public Optional<Duration> roundTrip() {
        return standing.get().roundTrip();
    }

    /** A call was answered, with whatever status. */
    public void answered() {
        standing.updateAndGet(Standing::answered);
    }

    /** A call was not: there was no connection, or it broke off. */
    public void failed() {
        standing.updateAndGet(Standing::failed);
    }

    void measured(Duration roundTrip) {
        standing.updateAndGet(before -> before.measured(roundTrip));
    }

    void unready() {
        standing.updateAndGet(Standing::unready);
    }
}
