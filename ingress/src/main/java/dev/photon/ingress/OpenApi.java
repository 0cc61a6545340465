package dev.photon.ingress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The description of the API (OpenAPI Specification 3.1.0), which tests hold {@link Endpoint} against. */
final class OpenApi {
    private static final String DOCUMENT = read();

    private OpenApi() {}

    static String document() {
        return DOCUMENT;
    }

    private static String read() {
        try (var document = OpenApi.class.getResourceAsStream("openapi.json")) {
            return new String(document.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
