package dev.photon.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Locale;

/** Speaks HTTP/1.1 byte by byte, as a test wishes. */
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(30_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * An answer as it came.
     *
     * @param head with its status line, names in lower case
     */
    record Answer(int status, String head, String body) {
        boolean isLast() {
            return head.contains("\r\nconnection: close\r\n");
        }
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    RawClient get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nhost: test\r\n\r\n");
    }

    /** Whether something came. */
    boolean isAnswered() throws IOException {
        return in.available() > 0;
    }

    /** A whole answer, which must have a length. */
    Answer answer() throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            var next = in.read();
            if (next < 0) {
                throw new IOException("closed within an answer: '" + head.toString(ISO_8859_1) + "'");
            }
            head.write(next);
        }
        var text = head.toString(ISO_8859_1).toLowerCase(Locale.ROOT);
        var status = Integer.parseInt(text.substring(9, 12));
        var start = text.indexOf("content-length: ") + "content-length: ".length();
        var length = Integer.parseInt(text.substring(start, text.indexOf('\r', start)));
        var body = in.readNBytes(length);
        if (body.length < length) {
            throw new IOException("closed within a body");
        }
        return new Answer(status, text, new String(body, ISO_8859_1));
    }

    /** Reads so many bytes of whatever comes. */
    void skip(int count) throws IOException {
        in.skipNBytes(count);
    }

    /** Whether the server closes while this is sent again and again. */
    boolean sendsUntilClosed(byte[] bytes, int times) {
        try {
            for (var i = 0; i < times; i++) {
                send(bytes);
            }
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** How many bytes come until the server closes. */
    long drain() {
        var count = 0L;
        var buffer = new byte[1 << 16];
        try {
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                count += read;
            }
        } catch (IOException e) {
            // A reset is an end, too.
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
