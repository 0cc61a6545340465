package dev.photon.ingress;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Reply;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/**
 * Collects an answer for a client of HTTP/1.0, which could not tell the half of it from the whole: such an answer has at
 * most the size of a record. Confined to its event loop.
 */
final class WholeResponse implements AnswerStream.Client {
    private final Consumer<Buffer> whole;
    private final Consumer<Reply.Failure> failed;
    private final Buffer body = Buffer.buffer();

    WholeResponse(Consumer<Buffer> whole, Consumer<Reply.Failure> failed) {
        this.whole = whole;
        this.failed = failed;
    }

    @Override
    public Future<Void> write(byte[] bytes) {
        if (body.length() + bytes.length > Reply.MAX_BYTES) {
            failed.accept(new Reply.Failure(
                    ErrorKind.ANSWER_TOO_LARGE,
                    "over HTTP/1.0 an answer has at most " + Reply.MAX_BYTES + " bytes: use HTTP/1.1"));
        } else {
            body.appendBytes(bytes);
        }
        return Future.succeededFuture();
    }

    @Override
    public void end() {
        whole.accept(body);
    }

    @Override
    public void broken(Reply.Failure reason) {
        failed.accept(reason);
    }
}
