package dev.photon.ingress;

import dev.photon.ingress.overflow.OtherRegion;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;

/** A client's request, as another region's ingress gets it. */
final class Outgoing {
    private Outgoing() {}

    /**
     * @throws IllegalArgumentException when HTTP/1.1 cannot say what the request says
     */
    static RequestOptions options(HttpServerRequest request, OtherRegion to) {
        if (!Http.isAllowed(request.uri())) {
            throw new IllegalArgumentException("the path or query has a space or a control character");
        }
        var query = request.query();
        var options = new RequestOptions()
                .setMethod(request.method())
                .setHost(to.host())
                .setPort(to.port())
                .setSsl(to.isSecure())
                .setURI(query == null ? request.path() : request.path() + "?" + query);
        Http.passedOn(request).forEach(field -> options.addHeader(field.name(), field.value()));
        return options;
    }

    /** With its connection: one on which a request was not written to its end is a trap for the next. */
    static void breakOff(HttpClientRequest to) {
        to.reset();
        to.connection().close();
    }
}
