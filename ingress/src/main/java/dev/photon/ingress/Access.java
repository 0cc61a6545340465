package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.Digest;
import dev.photon.protocol.ErrorKind;
import dev.photon.registry.ApiKey;
import dev.photon.registry.FunctionView;
import dev.photon.registry.KeyRole;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may do what: by {@code Authorization: apikey <key>} or {@code Bearer <key>}. While there is no key at all, whoever
 * reaches a loopback address may do everything, web pages of other origins excepted; elsewhere nobody may do anything. Thread-safe.
 */
final class Access {
    private static final Logger LOG = LoggerFactory.getLogger(Access.class);

    /** Who wishes something while there are no keys. */
    private static final String ANYBODY = "http";

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|\\[?::1]?");
    private static final String OPERATOR = "operator";
    private static final String KEY_PREFIX = "pk_";

    private final FunctionView view;
    private final Optional<Digest> operator;
    private final boolean loopback;
    private final FailedAttempts failures = new FailedAttempts();

    /**
     * @param operator the hash of the key that the process was started with
     * @param loopback whether only this machine reaches us
     */
    Access(FunctionView view, Optional<Digest> operator, boolean loopback) {
        this.view = view;
        this.operator = operator;
        this.loopback = loopback;
    }

    sealed interface Verdict {
        /**
         * @param by who it is, for histories
         */
        record Granted(String by) implements Verdict {
            /** Whether there was a key; else it is anybody on this machine. */
            boolean isByKey() {
                return !by.equals(ANYBODY);
            }
        }

        record Refused(Problem problem) implements Verdict {}
    }

    /** Whether there is no key yet. */
    boolean withoutKeys() {
        return operator.isEmpty() && view.keys().isEmpty();
    }

    /** Whether nobody could do an administrator's work without this key. */
    boolean isLastAdmin(String id) {
        var admins =
                view.keys().stream().filter(key -> key.allows(KeyRole.ADMIN)).toList();
        return operator.isEmpty()
                && admins.size() == 1
                && admins.getFirst().id().equals(id);
    }

    Verdict check(HttpServerRequest request, KeyRole needed) {
        return check(request, needed, false);
    }

    /**
     * Whether it may call a function. Pages that we serve may, while there are no keys: what is in them is their
     * function's.
     *
     * @param invited whether the function lets pages of the request's origin call it
     */
    Verdict checkCall(HttpServerRequest request, boolean invited) {
        return check(request, KeyRole.INVOKE, invited || isOfOurPage(request));
    }

    private Verdict check(HttpServerRequest request, KeyRole needed, boolean fromPage) {
        if (loopback && withoutKeys() && isOfThisMachine(request, fromPage)) {
            return new Verdict.Granted(ANYBODY);
        }
        var presented = presented(request);
        if (presented.isEmpty()) {
            return new Verdict.Refused(new Problem(
                    ErrorKind.UNAUTHORIZED, "a key is needed, in the header 'Authorization: apikey <key>'"));
        }
        var hash = Digest.of(presented.get().getBytes(UTF_8));
        if (operator.isPresent() && isSame(operator.get(), hash)) {
            return new Verdict.Granted(OPERATOR);
        }
        return id(presented.get())
                .flatMap(view::key)
                .filter(key -> isSame(key.hash(), hash))
                .map(key -> allowed(key, needed))
                .orElseGet(() -> unknown(request));
    }

    /** Not of a web page that the owner of this machine happens to look at (cross-site requests, DNS rebinding). */
    private static boolean isOfThisMachine(HttpServerRequest request, boolean fromPage) {
        var authority = request.authority();
        if (authority != null && !isLoopback(authority.host())) {
            return false;
        }
        return fromPage || !request.headers().contains(HttpHeaders.ORIGIN);
    }

    private static boolean isLoopback(String host) {
        return host.equals("127.0.0.1") || LOOPBACK.matcher(host).matches();
    }

    private static boolean isOfOurPage(HttpServerRequest request) {
        var origin = request.getHeader(HttpHeaders.ORIGIN);
        return origin != null && origin.equals(request.scheme() + "://" + request.authority());
    }

    private static Verdict allowed(ApiKey key, KeyRole needed) {
        return key.allows(needed)
                ? new Verdict.Granted(key.id())
                : new Verdict.Refused(new Problem(
                        ErrorKind.FORBIDDEN,
                        "the key lacks the role " + needed.name().toLowerCase(Locale.ROOT)));
    }

    /** The key itself is not logged: it may be a good one of another place. */
    private Verdict unknown(HttpServerRequest request) {
        var address =
                request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress();
        if (!failures.count(String.valueOf(address))) {
            return new Verdict.Refused(new Problem(ErrorKind.OVERLOADED, "too many failed attempts from your address"));
        }
        LOG.atWarn().addKeyValue("address", address).log("unknown key");
        return new Verdict.Refused(new Problem(ErrorKind.UNAUTHORIZED, "the key is not known"));
    }

    private static Optional<String> presented(HttpServerRequest request) {
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return Optional.empty();
        }
        var words = header.strip().split("\\s+", 2);
        var scheme = words[0].toLowerCase(Locale.ROOT);
        return words.length == 2 && (scheme.equals("apikey") || scheme.equals("bearer"))
                ? Optional.of(words[1])
                : Optional.empty();
    }

    /** A key is {@code pk_<id>_<secret>}. */
    private static Optional<String> id(String key) {
        var words = key.split("_", 3);
        return key.startsWith(KEY_PREFIX) && words.length == 3 ? Optional.of(words[1]) : Optional.empty();
    }

    static String text(String id, String secret) {
        return KEY_PREFIX + id + "_" + secret;
    }

    /** In a time that tells nothing about where they differ. */
    private static boolean isSame(Digest known, Digest presented) {
        return MessageDigest.isEqual(
                known.hex().getBytes(UTF_8), presented.hex().getBytes(UTF_8));
    }
}
