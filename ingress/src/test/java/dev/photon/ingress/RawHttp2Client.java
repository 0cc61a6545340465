package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** Speaks HTTP/2 (RFC 9113) byte by byte: what a well-behaved client would not send, too. */
final class RawHttp2Client implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final Socket socket;
    private final DataInputStream in;
    private int stream = -1;

    RawHttp2Client(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    private void frame(int type, int flags, int on, byte[] payload) throws IOException {
        var frame = new ByteArrayOutputStream();
        frame.write(new byte[] {0, (byte) (payload.length >> 8), (byte) payload.length, (byte) type, (byte) flags});
        frame.write(new byte[] {0, 0, (byte) (on >> 8), (byte) on});
        frame.write(payload);
        socket.getOutputStream().write(frame.toByteArray());
        socket.getOutputStream().flush();
    }

    /**
     * @param fields names and values in turn, the pseudo-fields first; each shorter than 127 bytes
     * @return the content of the answer
     */
    String send(String... fields) throws IOException {
        var block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            // A literal without indexing (RFC 7541, section 6.2.2), its strings as they are.
            block.write(0);
            string(fields[i], block);
            string(fields[i + 1], block);
        }
        stream += 2;
        frame(HEADERS, END_STREAM | END_HEADERS, stream, block.toByteArray());
        return content();
    }

    private static void string(String text, ByteArrayOutputStream to) {
        to.write(text.length());
        to.writeBytes(text.getBytes(ISO_8859_1));
    }

    private String content() throws IOException {
        var content = new StringBuilder();
        while (true) {
            var length = (in.readUnsignedByte() << 16) + in.readUnsignedShort();
            var type = in.readUnsignedByte();
            var flags = in.readUnsignedByte();
            var on = in.readInt();
            var payload = in.readNBytes(length);
            if (on == stream && type == DATA) {
                content.append(new String(payload, ISO_8859_1));
            }
            if (on == stream && (type > HEADERS || (flags & END_STREAM) != 0)) {
                return content.toString();
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
