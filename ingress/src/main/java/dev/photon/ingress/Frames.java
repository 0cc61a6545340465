package dev.photon.ingress;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

/**
 * How a streamed answer travels from one region's ingress to another's, so that its silence says something: each part
 * with its length before it, in four bytes, the highest first. A length of zero is a sign of life, and no part: HTTP/1.1
 * has none of its own, since a chunk without bytes is the end.
 *
 * <p>They are the outermost content coding of the answer (RFC 9110, section 8.4), and said to be: what compresses answers
 * on the way leaves those alone that have a coding.
 */
final class Frames {
    static final String CODING = "photon-frames";

    private static final int LENGTH_BYTES = 4;

    private Frames() {}

    /** Has the fields of an answer say that its body is in frames. */
    static void mark(MultiMap fields) {
        var before = codings(fields);
        fields.set(HttpHeaders.CONTENT_ENCODING, before.isEmpty() ? CODING : before + ", " + CODING);
    }

    /** Whether the fields say that frames are what the body consists of, and not what it was made of. */
    static boolean areOutermost(MultiMap fields) {
        var all = codings(fields);
        return all.substring(all.lastIndexOf(',') + 1).strip().equalsIgnoreCase(CODING);
    }

    /** The codings of what is in the frames; empty for none. */
    static String codingsInside(MultiMap fields) {
        var all = codings(fields);
        return all.substring(0, Math.max(0, all.lastIndexOf(','))).strip();
    }

    private static String codings(MultiMap fields) {
        return String.join(", ", fields.getAll(HttpHeaders.CONTENT_ENCODING));
    }

    static Buffer of(byte[] part) {
        return Buffer.buffer(LENGTH_BYTES + part.length).appendInt(part.length).appendBytes(part);
    }

    static Buffer signOfLife() {
        return Buffer.buffer(LENGTH_BYTES).appendInt(0);
    }

    /** Takes parts out of frames, however these are cut on the way, and holds none of them. Confined to its thread. */
    static final class Reader {
        /** What is known of the next length. */
        private int length;

        private int lengthBytes;
        /** What is to come of this part. */
        private long missing;

        /** What these bytes have of parts; empty for no more than a sign of life. */
        Buffer read(Buffer bytes) {
            var parts = Buffer.buffer(bytes.length());
            for (var at = 0; at < bytes.length(); ) {
                if (missing == 0) {
                    lengthByte(bytes.getUnsignedByte(at));
                    at++;
                } else {
                    var count = (int) Math.min(missing, bytes.length() - at);
                    parts.appendBuffer(bytes, at, count);
                    missing -= count;
                    at += count;
                }
            }
            return parts;
        }

        private void lengthByte(int next) {
            length = (length << Byte.SIZE) | next;
            lengthBytes++;
            if (lengthBytes == LENGTH_BYTES) {
                missing = Integer.toUnsignedLong(length);
                length = 0;
                lengthBytes = 0;
            }
        }

        /** Whether all of what was begun has come. */
        boolean isWhole() {
            return missing == 0 && lengthBytes == 0;
        }
    }
}
