package dev.photon.ingress;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The codings that files may lie beside others in: {@code app.js.br} is {@code app.js} in Brotli (RFC 7932). */
enum ContentCoding {
    BR("br", ".br"),
    GZIP("gzip", ".gz");

    private final String token;
    private final String suffix;

    ContentCoding(String token, String suffix) {
        this.token = token;
        this.suffix = suffix;
    }

    /** In Content-Encoding. */
    String token() {
        return token;
    }

    /** Of the file's name. */
    String suffix() {
        return suffix;
    }

    /**
     * The best of those that are there, by what the client takes (RFC 9110, section 12.5.3); empty for the file as it is,
     * which is sent, too, where the client takes nothing that there is.
     *
     * @param accepted the Accept-Encoding fields
     */
    static Optional<ContentCoding> choose(List<String> accepted, List<ContentCoding> there) {
        Optional<ContentCoding> best = Optional.empty();
        var quality = 0.0;
        for (var coding : there) {
            var wanted = quality(accepted, coding.token);
            if (wanted > quality) {
                best = Optional.of(coding);
                quality = wanted;
            }
        }
        return best;
    }

    private static double quality(List<String> accepted, String token) {
        var any = 0.0;
        for (var element : accepted.stream()
                .flatMap(list -> Stream.of(list.split(",", -1)))
                .toList()) {
            var parts = element.split(";", -1);
            var name = parts[0].strip();
            if (name.equalsIgnoreCase(token)) {
                return weight(parts);
            }
            if (name.equals("*")) {
                any = weight(parts);
            }
        }
        return any;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            var parameter = parts[i].strip();
            if (parameter.regionMatches(true, 0, "q=", 0, 2)) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
