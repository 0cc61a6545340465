package dev.photon.ingress;

import dev.photon.registry.KeyRole;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;

/**
 * Every path that is answered, as {@code openapi.json} describes it, beside those that functions have by their routes.
 */
enum Endpoint {
    CALL_PLAIN("", "/fn/{name}/{path}"),
    EXECUTE_LATEST("", "/api/faas/v1/execute/{name}"),
    EXECUTE_VERSION("", "/api/faas/v1/execute/{name}/{versionOrAlias}"),
    RESULT("GET", "/api/faas/v1/results/{id}"),
    HEALTH("GET", "/api/faas/v1/health"),
    READY("GET", "/api/faas/v1/ready"),
    SERVING("GET", "/api/faas/v1/serving"),
    VERSION("GET", "/api/faas/v1/version"),
    DEPLOY("POST", "/api/faas/v1/deploy", KeyRole.DEPLOY),
    FUNCTIONS("GET", "/api/faas/v1/functions", KeyRole.READ),
    ROUTES("GET", "/api/faas/v1/routes", KeyRole.READ),
    REGIONS("GET", "/api/faas/v1/regions", KeyRole.READ),
    DRAIN("PUT", "/api/faas/v1/region/{region}/drain", KeyRole.ADMIN),
    UNDRAIN("DELETE", "/api/faas/v1/region/{region}/drain", KeyRole.ADMIN),
    VERSIONS("GET", "/api/faas/v1/function/{name}/versions", KeyRole.READ),
    ALIASES("GET", "/api/faas/v1/function/{name}/aliases", KeyRole.READ),
    HISTORY("GET", "/api/faas/v1/function/{name}/history", KeyRole.READ),
    ASSETS("GET", "/api/faas/v1/function/{name}/assets", KeyRole.READ),
    GET_ALIAS("GET", "/api/faas/v1/function/{name}/alias/{alias}", KeyRole.READ),
    PUT_ALIAS("PUT", "/api/faas/v1/function/{name}/alias/{alias}", KeyRole.DEPLOY),
    DELETE_ALIAS("DELETE", "/api/faas/v1/function/{name}/alias/{alias}", KeyRole.DEPLOY),
    TRIGGERS("GET", "/api/faas/v1/triggers", KeyRole.READ),
    FUNCTION_TRIGGERS("GET", "/api/faas/v1/function/{name}/triggers", KeyRole.READ),
    PAUSE_TRIGGER("POST", "/api/faas/v1/function/{name}/trigger/{topic}/pause", KeyRole.DEPLOY),
    RESUME_TRIGGER("POST", "/api/faas/v1/function/{name}/trigger/{topic}/resume", KeyRole.DEPLOY),
    SEEK_TRIGGER("PUT", "/api/faas/v1/function/{name}/trigger/{topic}/position", KeyRole.DEPLOY),
    REPLAY("POST", "/api/faas/v1/function/{name}/replay", KeyRole.DEPLOY),
    DELETE_FUNCTION("DELETE", "/api/faas/v1/function/{name}", KeyRole.DEPLOY),
    DELETE_VERSION("DELETE", "/api/faas/v1/function/{name}/{version}", KeyRole.DEPLOY),
    DOWNLOAD_LATEST("GET", "/api/faas/v1/download/{name}", KeyRole.READ),
    DOWNLOAD_VERSION("GET", "/api/faas/v1/download/{name}/{version}", KeyRole.READ),
    LOGS("GET", "/api/faas/v1/logs", KeyRole.READ),
    DEAD_LETTERS("GET", "/api/faas/v1/dead-letters", KeyRole.READ),
    REDRIVE_ALL("POST", "/api/faas/v1/dead-letters/{name}/redrive", KeyRole.DEPLOY),
    DROP_ALL("DELETE", "/api/faas/v1/dead-letters/{name}", KeyRole.DEPLOY),
    DEAD_LETTER("GET", "/api/faas/v1/dead-letters/{name}/{topic}/{partition}/{offset}", KeyRole.READ),
    REDRIVE("POST", "/api/faas/v1/dead-letters/{name}/{topic}/{partition}/{offset}/redrive", KeyRole.DEPLOY),
    DROP("DELETE", "/api/faas/v1/dead-letters/{name}/{topic}/{partition}/{offset}", KeyRole.DEPLOY),
    USAGE("GET", "/api/faas/v1/usage/{aggregationType}", KeyRole.READ),
    KEYS("GET", "/api/faas/v1/keys", KeyRole.ADMIN),
    CREATE_KEY("POST", "/api/faas/v1/keys", KeyRole.ADMIN),
    REVOKE_KEY("DELETE", "/api/faas/v1/keys/{id}", KeyRole.ADMIN),
    SECRETS("GET", "/api/faas/v1/secrets", KeyRole.READ),
    SET_SECRET("PUT", "/api/faas/v1/secrets/{name}", KeyRole.DEPLOY),
    DELETE_SECRET("DELETE", "/api/faas/v1/secrets/{name}", KeyRole.DEPLOY),
    ENTRIES("GET", "/api/faas/v1/entries", KeyRole.READ),
    SET_ENTRY("PUT", "/api/faas/v1/entries/{name}", KeyRole.ADMIN),
    DELETE_ENTRY("DELETE", "/api/faas/v1/entries/{name}", KeyRole.ADMIN),
    METRICS("GET", "/metrics", KeyRole.READ),
    OPENAPI("GET", "/openapi.json");

    private final String method;
    private final String path;
    private final Optional<KeyRole> needed;

    /** For everybody; of the calls, the function says for whom they are. */
    Endpoint(String method, String path) {
        this(method, path, Optional.empty());
    }

    Endpoint(String method, String path, KeyRole needed) {
        this(method, path, Optional.of(needed));
    }

    Endpoint(String method, String path, Optional<KeyRole> needed) {
        this.method = method;
        this.path = path;
        this.needed = needed;
    }

    /** Empty for any method. */
    Optional<HttpMethod> method() {
        return method.isEmpty() ? Optional.empty() : Optional.of(HttpMethod.valueOf(method));
    }

    /** With parameters in braces. */
    String path() {
        return path;
    }

    /** The role that a key must have; empty when no key is needed. */
    Optional<KeyRole> needed() {
        return needed;
    }
}
