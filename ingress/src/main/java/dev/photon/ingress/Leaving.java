package dev.photon.ingress;

import dev.photon.ingress.overflow.OtherRegion;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.Set;

/**
 * A call that goes elsewhere.
 *
 * @param id of the invocation, there as here
 * @param millis how long its answer is wanted, from when the body was passed on
 * @param permit given back when it is over
 * @param here what runs it in this region when no other takes it; empty when that cannot be
 */
record Leaving(
        HttpServerRequest request,
        String id,
        String version,
        long millis,
        Admission.Permit permit,
        Optional<LastResort> here) {
    /** RFC 9110, section 9.2.2. */
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    /** Has a call run here after all. It has the permit from then on. */
    interface LastResort {
        /**
         * @param millis how long the answer is still wanted
         */
        void run(Leaving call, TakenBody body, long millis);
    }

    /** The same, whose answer is wanted for so long. */
    Leaving within(long left) {
        return new Leaving(request, id, version, left, permit, here);
    }

    /** Whether to run it twice is as good as once, by what HTTP says. */
    boolean isIdempotent() {
        return IDEMPOTENT.contains(request.method());
    }

    /**
     * What the other ingress is told, so that it is not late because of the way back.
     *
     * @param framed whether it may answer in {@link Frames}
     */
    Hop hop(String from, OtherRegion to, boolean framed) {
        var back = to.roundTrip().map(time -> time.toMillis()).orElse(0L);
        return new Hop(from, Optional.of(id), Optional.of(version), Math.max(1, millis - back), framed);
    }
}
