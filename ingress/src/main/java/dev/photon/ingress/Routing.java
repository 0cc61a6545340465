package dev.photon.ingress;

import dev.photon.ingress.overflow.OtherRegion;
import dev.photon.registry.Manifest;
import dev.photon.registry.Resolution;
import java.util.List;
import java.util.Optional;

/** In which region a call is answered, for all that is known now of this one and of the others. Thread-safe. */
final class Routing {
    private final InvocationSender sender;
    private final Optional<Overflow> overflow;

    /** Where it is answered. */
    sealed interface Route {
        record Here() implements Route {}

        /** Not by this region, if another can. */
        sealed interface Away extends Route {}

        /**
         * By the first of these regions that takes it.
         *
         * @param orHere whether this one can, when they do not: they may not have heard of the version yet
         */
        record Elsewhere(List<OtherRegion> way, boolean orHere) implements Away {}

        record Nowhere(String reason) implements Away {}
    }

    /**
     * @param overflow empty when there is no other region
     */
    Routing(InvocationSender sender, Optional<Overflow> overflow) {
        this.sender = sender;
        this.overflow = overflow;
    }

    /**
     * Of a version that is here.
     *
     * @param millis how long the answer is wanted
     */
    Route of(Arrival arrival, Manifest manifest, Exchange.Mode mode, long millis) {
        if (sender.stuck() && !isTried(arrival, manifest)) {
            return elsewhere(way(arrival, manifest), LogStanding.AWAY);
        }
        var pool = manifest.scaling().pool();
        if (!sender.reaches(pool)) {
            return elsewhere(
                    way(arrival, manifest), "the function's pool '%s' is not one of this ingress".formatted(pool));
        }
        var better = overflow.filter(others -> mode instanceof Exchange.Mode.Waiting)
                .map(others -> others.better(manifest.placement(), pool, arrival.hop(), millis))
                .orElse(List.of());
        return better.isEmpty() ? new Route.Here() : new Route.Elsewhere(better, true);
    }

    /** Of a version that is not here. */
    Route.Away of(Arrival arrival, Resolution.NotHere absent) {
        return absent.coming()
                ? elsewhere(wayByOrigin(arrival, absent), "the version is on its way from region " + absent.origin())
                : elsewhere(way(arrival, absent.manifest()), "the version does not run in this region");
    }

    private static Route.Away elsewhere(List<OtherRegion> way, String reason) {
        return way.isEmpty() ? new Route.Nowhere(reason) : new Route.Elsewhere(way, false);
    }

    /** Whether the call is one of the few that find out if the log still takes nothing. */
    private boolean isTried(Arrival arrival, Manifest manifest) {
        var alone = way(arrival, manifest).isEmpty();
        return sender.admits(alone ? LogStanding.TRY_OR_REFUSE : LogStanding.TRY_OR_FORWARD);
    }

    private List<OtherRegion> way(Arrival arrival, Manifest manifest) {
        return overflow.filter(others -> !arrival.isKeyed())
                .map(others -> others.way(manifest.placement(), arrival.hop()))
                .orElse(List.of());
    }

    private List<OtherRegion> wayByOrigin(Arrival arrival, Resolution.NotHere absent) {
        return overflow.filter(others -> !arrival.isKeyed())
                .map(others -> others.way(absent.manifest().placement(), arrival.hop(), absent.origin()))
                .orElse(List.of());
    }
}
