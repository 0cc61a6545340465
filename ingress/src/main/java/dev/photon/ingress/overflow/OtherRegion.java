package dev.photon.ingress.overflow;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Another region, and whether it answers. Thread-safe. */
public final class OtherRegion {
    private final String name;
    private final URI url;
    private final Hearsay hearsay;
    private final AtomicReference<Standing> standing = new AtomicReference<>(Standing.UNKNOWN);
    private final AtomicReference<CopyAge> copy = new AtomicReference<>(CopyAge.UNKNOWN);
    private final AtomicLong probes = new AtomicLong();

    OtherRegion(String name, URI url, Hearsay hearsay) {
        this.name = name;
        this.url = url;
        this.hearsay = hearsay;
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

    /** How many probes have told something so far, if only by their failure. */
    public long probes() {
        return probes.get();
    }

    /** After what a probe told was noted. */
    void probed() {
        probes.incrementAndGet();
    }

    /** Whether anything of it answers, for all that is known. */
    public boolean isReachable() {
        return standing.get().state() != Standing.State.UNREACHABLE;
    }

    /**
     * Whether only such calls should go there that no other region can answer: it says so, or our log does, since each of
     * the two may be cut off from where it was decided.
     */
    public boolean isDraining() {
        return standing.get().state() == Standing.State.DRAINING || hearsay.isDraining(name);
    }

    /** {@code unknown}, {@code serving}, {@code draining}, {@code unready} or {@code unreachable}. */
    public String state() {
        var state = isOpen() && isDraining()
                ? Standing.State.DRAINING
                : standing.get().state();
        return state.name().toLowerCase(Locale.ROOT);
    }

    /**
     * How long there may be changes in that region that are not known here.
     *
     * @return empty while that is not known
     */
    public Optional<Duration> lag() {
        return copy.get().caughtUp(hearsay.known(name)).lag(isReachable(), Instant.now());
    }

    /** When all that region's changes were known here for the last time; empty while that is not known. */
    public Optional<Instant> currentAt() {
        return copy.get().caughtUp(hearsay.known(name)).current();
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

    void draining(Duration roundTrip) {
        standing.updateAndGet(before -> before.draining(roundTrip));
    }

    /** What it had when it was asked, by its own word. */
    void has(long stamp, Instant asked) {
        var known = hearsay.known(name);
        copy.updateAndGet(before -> before.told(stamp, asked, known));
    }

    void unready() {
        standing.updateAndGet(Standing::unready);
    }
}
