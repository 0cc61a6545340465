package dev.photon.executor.wasm;

import dev.photon.protocol.Header;
import dev.photon.protocol.PathDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The request's head as meta-variables (RFC 3875, section 4.1), and beside them the function's own variables. */
final class CgiVariables {
    /**
     * Either has a variable of its own, or is for us, not for the function (RFC 3875, section 4.1.18), or would become
     * the {@code HTTP_PROXY} that many HTTP clients obey ("httpoxy").
     */
    private static final Set<String> WITHHELD = Set.of("content-type", "content-length", "authorization", "proxy");

    private final Map<String, String> variables = new TreeMap<>();

    private CgiVariables() {}

    /** Each as {@code NAME=value}. */
    static List<String> of(GuestRequest request) {
        var made = new CgiVariables();
        made.variables.putAll(request.env());
        made.request(request);
        made.server(request.http().headers());
        made.content(request);
        request.http().headers().forEach(made::header);
        return made.variables.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    private void request(GuestRequest request) {
        variables.put("REQUEST_METHOD", request.http().method());
        variables.put("SCRIPT_NAME", scriptName(request));
        // It is not URL-encoded (section 4.1.5); what is no valid encoding stays as it is.
        var path = request.http().path();
        variables.put("PATH_INFO", PathDecoder.decode(path).orElse(path));
        variables.put("QUERY_STRING", request.http().query());
        variables.put("PHOTON_INVOCATION_ID", request.invocationId());
        variables.put("PHOTON_FUNCTION", request.function());
        variables.put("PHOTON_VERSION", request.version());
    }

    /** What of the URL's path stands before {@code PATH_INFO}. */
    private static String scriptName(GuestRequest request) {
        var prefix = first(request.http().headers(), "x-forwarded-prefix");
        if (prefix.isEmpty()) {
            return "/fn/" + request.function();
        }
        return prefix.equals("/") ? "" : PathDecoder.decode(prefix).orElse(prefix);
    }

    private void server(List<Header> headers) {
        var host = first(headers, "host");
        var colon = host.endsWith("]") ? -1 : host.lastIndexOf(':');
        var name = colon < 0 ? host : host.substring(0, colon);
        variables.put("SERVER_NAME", name.isEmpty() ? "localhost" : name);
        variables.put("SERVER_PORT", colon < 0 || colon + 1 == host.length() ? "80" : host.substring(colon + 1));
        variables.put("SERVER_PROTOCOL", "HTTP/1.1");
        variables.put("SERVER_SOFTWARE", "Photon");
        variables.put("GATEWAY_INTERFACE", "CGI/1.1");
    }

    private void content(GuestRequest request) {
        var headers = request.http().headers();
        // Those two count when they are missing, too.
        variables.remove("CONTENT_TYPE");
        variables.remove("CONTENT_LENGTH");
        if (has(headers, "content-type")) {
            variables.put("CONTENT_TYPE", first(headers, "content-type"));
        }
        if (request.body().length > 0 || has(headers, "content-length")) {
            variables.put("CONTENT_LENGTH", Integer.toString(request.body().length));
        }
    }

    private void header(Header header) {
        if (WITHHELD.contains(header.name()) || !isPlain(header.name())) {
            return;
        }
        var name = "HTTP_" + header.name().toUpperCase(Locale.ROOT).replace('-', '_');
        var separator = header.name().equals("cookie") ? "; " : ", ";
        variables.merge(name, header.value(), (before, next) -> before + separator + next);
    }

    /** Other letters are legal in a name, yet an underscore would let one header pass for another. */
    private static boolean isPlain(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }

    private static boolean has(List<Header> headers, String name) {
        return headers.stream().anyMatch(header -> header.name().equals(name));
    }

    private static String first(List<Header> headers, String name) {
        return headers.stream()
                .filter(header -> header.name().equals(name))
                .map(Header::value)
                .findFirst()
                .orElse("");
    }
}
