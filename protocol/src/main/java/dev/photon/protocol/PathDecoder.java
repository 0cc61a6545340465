package dev.photon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.Optional;

/** Takes the percent-encoding out of the path of a URL (RFC 3986, section 2.1). */
public final class PathDecoder {
    private PathDecoder() {}

    /** Empty for what is not a valid encoding, or hides a NUL. */
    public static Optional<String> decode(String path) {
        if (path.indexOf('%') < 0) {
            return Optional.of(path);
        }
        var bytes = path.getBytes(UTF_8);
        var decoded = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                decoded.write(bytes[i]);
                continue;
            }
            if (i + 2 >= bytes.length || !HexFormat.isHexDigit(bytes[i + 1]) || !HexFormat.isHexDigit(bytes[i + 2])) {
                return Optional.empty();
            }
            var value = (HexFormat.fromHexDigit(bytes[i + 1]) << 4) | HexFormat.fromHexDigit(bytes[i + 2]);
            if (value == 0) {
                return Optional.empty();
            }
            decoded.write(value);
            i += 2;
        }
        return Optional.of(decoded.toString(UTF_8));
    }
}
