package dev.photon.cli.local;

import dev.photon.executor.wasm.LargeAnswer;
import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** An answer larger than a record, in memory: there is no log here. */
final class WholeAnswer implements LargeAnswer {
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
        body.write(bytes, from, length);
    }

    @Override
    public Reply.Outcome end() {
        return new Reply.Answer(status, headers, body.toByteArray());
    }
}
