package dev.photon.executor.wasm;

import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Remembers what it was told, part by part. */
final class TestingLargeAnswer implements LargeAnswer {
    static final Reply.Begun OUTCOME = new Reply.Begun(200, List.of(), "body", 0, 0);

    private final List<Integer> parts = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status;
    private List<Header> headers = List.of();

    @Override
    public void begin(int statusCode, List<Header> fields) {
        status = statusCode;
        headers = fields;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        parts.add(length);
        body.write(bytes, from, length);
    }

    @Override
    public Reply.Outcome end() {
        return OUTCOME;
    }

    int status() {
        return status;
    }

    List<Header> headers() {
        return headers;
    }

    List<Integer> parts() {
        return parts;
    }

    byte[] body() {
        return body.toByteArray();
    }
}
