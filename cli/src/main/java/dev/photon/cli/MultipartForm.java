package dev.photon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** A {@code multipart/form-data} body (RFC 7578) in memory. Confined to its thread. */
final class MultipartForm {
    private static final String BOUNDARY = "photon-7f6c1d2e9a";

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    MultipartForm file(String name, String fileName, byte[] content) {
        text("--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
                .formatted(BOUNDARY, name, fileName));
        text("Content-Type: application/octet-stream\r\n\r\n");
        body.writeBytes(content);
        text("\r\n");
        return this;
    }

    private void text(String text) {
        body.writeBytes(text.getBytes(UTF_8));
    }

    String contentType() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }

    byte[] finish() {
        text("--" + BOUNDARY + "--\r\n");
        return body.toByteArray();
    }
}
