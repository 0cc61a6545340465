package dev.photon.ingress;

import io.vertx.core.buffer.Buffer;

/**
 * How a streamed answer travels from one region's ingress to another's, so that its silence says something: each part
 * with its length before it, in four bytes, the highest first. A length of zero is a sign of life, and no part: HTTP/1.1
 * has none of its own, since a chunk without bytes is the end.
 */
final class Frames {
    private static final int LENGTH_BYTES = 4;

    private Frames() {}

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
