package dev.photon.ingress.scaler;

import dev.photon.ingress.scaler.keda.IsActiveResponse;
import dev.photon.ingress.scaler.keda.ScaledObjectRef;
import io.vertx.grpc.server.GrpcServerResponse;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A caller of StreamIsActive who waits for changes. Confined to the scaler's event loop. */
final class ActivityStream {
    private static final Logger LOG = LoggerFactory.getLogger(ActivityStream.class);

    private final GrpcServerResponse<ScaledObjectRef, IsActiveResponse> response;
    private final Wish wish;
    private Optional<Boolean> told = Optional.empty();

    ActivityStream(GrpcServerResponse<ScaledObjectRef, IsActiveResponse> response, Wish wish) {
        this.response = response;
        this.wish = wish;
    }

    Wish wish() {
        return wish;
    }

    /** Tells it what has changed. What a caller who does not read has missed is told when it reads again. */
    void tell(Outlook.Known known) {
        var active = known.isActive(wish);
        if (told.equals(Optional.of(active)) || response.writeQueueFull()) {
            return;
        }
        told = Optional.of(active);
        response.write(IsActiveResponse.newBuilder().setResult(active).build());
        LOG.atInfo()
                .addKeyValue("active", active)
                .addKeyValue("unfinished", known.unfinished())
                .log(active ? "executors are wanted" : "executors may go");
    }

    /** In the way that KEDA takes for no failure, so that it comes back, or goes to another ingress, after 2 s. */
    void end() {
        response.end();
    }
}
