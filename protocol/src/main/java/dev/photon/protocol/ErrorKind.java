package dev.photon.protocol;

import java.util.Optional;

/**
 * Everything that can go wrong with an invocation or a deployment: the one mapping of errors to HTTP (RFC 9110,
 * section 15) and to metrics.
 */
public enum ErrorKind {
    /** Malformed request, configuration file or module. */
    BAD_REQUEST("bad-request", Blame.CALLER, 400, "Bad request"),
    /** No key, or one that is not known. */
    UNAUTHORIZED("unauthorized", Blame.CALLER, 401, "Unauthorized"),
    /** The key lacks the role. */
    FORBIDDEN("forbidden", Blame.CALLER, 403, "Forbidden"),
    /** No function, version or path of that name. */
    NOT_FOUND("not-found", Blame.CALLER, 404, "Not found"),
    /** The path is there, but not for this method. */
    METHOD_NOT_ALLOWED("method-not-allowed", Blame.CALLER, 405, "Method not allowed"),
    /** The version exists with other content. Status 400, as the published API has it. */
    VERSION_EXISTS("version-exists", Blame.CALLER, 400, "Version exists"),
    /** The client sent its request too slowly. */
    TOO_SLOW("too-slow", Blame.CALLER, 408, "Request time-out"),
    /** What regions decided apart from each other leaves nothing to be done. */
    CONFLICT("conflict", Blame.CALLER, 409, "Conflict"),
    /** It was there, and is not kept any longer. */
    GONE("gone", Blame.CALLER, 410, "Gone"),
    /** Something else uses what was to be deleted. */
    IN_USE("in-use", Blame.CALLER, 409, "In use"),
    /** The request does not fit the size limit. */
    TOO_LARGE("too-large", Blame.CALLER, 413, "Content too large"),
    /** Another call had this key. */
    KEY_REUSED("key-reused", Blame.CALLER, 422, "Idempotency key reused"),
    /** The request's first line does not fit the size limit. */
    URI_TOO_LONG("uri-too-long", Blame.CALLER, 414, "URI too long"),
    /** The request's header fields are too many or too large. */
    FIELDS_TOO_LARGE("fields-too-large", Blame.CALLER, 431, "Header fields too large"),
    /** Too many requests in flight, here or for this function. */
    OVERLOADED("overloaded", Blame.LIMIT, 429, "Too many requests"),
    /** Kafka is away, or this process is starting or stopping. */
    UNAVAILABLE("unavailable", Blame.PLATFORM, 503, "Service unavailable"),
    /** No answer before the deadline, or the function's own time limit was reached. */
    TIMEOUT("timeout", Blame.LIMIT, 504, "Time-out"),
    /** The function trapped, exited with a failure, or broke its contract. */
    FUNCTION_FAILED("function-failed", Blame.FUNCTION, 502, "Function failed"),
    /** The function's answer does not fit the size limit. */
    ANSWER_TOO_LARGE("answer-too-large", Blame.FUNCTION, 502, "Answer too large"),
    /** Each executor that ran it died. */
    EXECUTOR_DIED("executor-died", Blame.FUNCTION, 502, "Executor died"),
    /** Our own fault. */
    INTERNAL("internal", Blame.PLATFORM, 500, "Internal error");

    private final String code;
    private final Blame blame;
    private final int status;
    private final String title;

    ErrorKind(String code, Blame blame, int status, String title) {
        this.code = code;
        this.blame = blame;
        this.status = status;
        this.title = title;
    }

    /** The name on the wire and in metrics: lower case, dashes. */
    public String code() {
        return code;
    }

    public Blame blame() {
        return blame;
    }

    /** HTTP status code, 400 to 504. */
    public int status() {
        return status;
    }

    /** A short title for people, as RFC 9457 (section 3.1.3) wants it: the same at every occurrence. */
    public String title() {
        return title;
    }

    /** The kind of that wire name, or empty for a name that this build does not know. */
    public static Optional<ErrorKind> ofCode(String code) {
        for (var kind : values()) {
            if (kind.code.equals(code)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
