package dev.photon.executor.replay;

import dev.photon.executor.wasm.LargeAnswer;
import dev.photon.protocol.Digest;
import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What is kept of an answer, however large: its digest and its beginning. Confined to the thread of the run. */
final class AnswerDigest implements LargeAnswer {
    /** In which a difference is looked for. */
    static final int KEPT_BYTES = 64 << 10;

    private static final byte[] NOTHING = {};

    private final MessageDigest digest = sha256();
    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    private boolean begun;
    private int status;
    private List<Header> headers = List.of();
    private long size;

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void begin(int statusCode, List<Header> fields) {
        begun = true;
        status = statusCode;
        headers = fields;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        digest.update(bytes, from, length);
        beginning.write(bytes, from, Math.min(length, KEPT_BYTES - beginning.size()));
        size += length;
    }

    @Override
    public Reply.Outcome end() {
        return new Reply.Answer(status, headers, NOTHING);
    }

    /** Whether the answer came in parts; otherwise it is the outcome itself. */
    boolean begun() {
        return begun;
    }

    long size() {
        return size;
    }

    byte[] beginning() {
        return beginning.toByteArray();
    }

    /** Of all that was written; only once. */
    Digest sum() {
        return sum(digest);
    }

    static Digest sum(MessageDigest all) {
        return Digest.parse("sha256:" + HexFormat.of().formatHex(all.digest())).orElseThrow();
    }
}
