package dev.photon.ingress;

import io.vertx.core.http.HttpMethod;
import java.util.Optional;

/**
 * Every path that is answered, as {@code openapi.json} describes it. The two ways to call a function come first: they
 * are the hot path, and routes are tried in this order.
 */
enum Endpoint {
    CALL_PLAIN("", "/fn/{name}/{path}"),
    EXECUTE_LATEST("", "/api/faas/v1/execute/{name}"),
    EXECUTE_VERSION("", "/api/faas/v1/execute/{name}/{versionOrAlias}"),
    HEALTH("GET", "/api/faas/v1/health"),
    READY("GET", "/api/faas/v1/ready"),
    VERSION("GET", "/api/faas/v1/version"),
    DEPLOY("POST", "/api/faas/v1/deploy"),
    FUNCTIONS("GET", "/api/faas/v1/functions"),
    VERSIONS("GET", "/api/faas/v1/function/{name}/versions"),
    ALIASES("GET", "/api/faas/v1/function/{name}/aliases"),
    HISTORY("GET", "/api/faas/v1/function/{name}/history"),
    GET_ALIAS("GET", "/api/faas/v1/function/{name}/alias/{alias}"),
    PUT_ALIAS("PUT", "/api/faas/v1/function/{name}/alias/{alias}"),
    DELETE_ALIAS("DELETE", "/api/faas/v1/function/{name}/alias/{alias}"),
    DELETE_FUNCTION("DELETE", "/api/faas/v1/function/{name}"),
    DELETE_VERSION("DELETE", "/api/faas/v1/function/{name}/{version}"),
    DOWNLOAD_LATEST("GET", "/api/faas/v1/download/{name}"),
    DOWNLOAD_VERSION("GET", "/api/faas/v1/download/{name}/{version}"),
    METRICS("GET", "/metrics"),
    OPENAPI("GET", "/openapi.json");

    private final String method;
    private final String path;

    Endpoint(String method, String path) {
        this.method = method;
        this.path = path;
    }

    /** Empty for any method. */
    Optional<HttpMethod> method() {
        return method.isEmpty() ? Optional.empty() : Optional.of(HttpMethod.valueOf(method));
    }

    /** With parameters in braces. */
    String path() {
        return path;
    }
}
