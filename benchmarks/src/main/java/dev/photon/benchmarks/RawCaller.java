package dev.photon.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One connection and nothing around it, so that little of a call's time is the caller's: sends bytes, and waits until the
 * answer is there. Confined to its thread.
 */
final class RawCaller implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("content-length: *(\\d+)");
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final Socket socket;
    private final byte[] request;
    private final byte[] answer = new byte[1 << 16];
    private final Complete complete;

    private interface Complete {
        /**
         * Whether these bytes are a whole answer.
         *
         * @throws IOException when they are not a right one
         */
        boolean is(byte[] bytes, int length) throws IOException;
    }

    private RawCaller(int port, byte[] request, Complete complete) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        this.request = request;
        this.complete = complete;
        socket.setTcpNoDelay(true);
    }

    /** Calls the echo. */
    static RawCaller echo(URI url) throws IOException {
        return new RawCaller(url.getPort(), request(url), RawCaller::isEchoed);
    }

    /** Sends as many bytes as a call of that URL, to a port where they are sent back as they are. */
    static RawCaller ping(int port, URI url) throws IOException {
        var bytes = request(url);
        return new RawCaller(port, bytes, (answer, length) -> length == bytes.length);
    }

    private static byte[] request(URI url) {
        var body = new String(EchoGuest.body(), ISO_8859_1);
        return "POST %s HTTP/1.1\r\nhost: %s\r\ncontent-type: application/octet-stream\r\ncontent-length: %d\r\n\r\n%s"
                .formatted(url.getPath(), url.getAuthority(), body.length(), body)
                .getBytes(ISO_8859_1);
    }

    private static boolean isEchoed(byte[] bytes, int length) throws IOException {
        var text = new String(bytes, 0, length, ISO_8859_1);
        var end = text.indexOf(END_OF_HEAD);
        if (end < 0) {
            return false;
        }
        var head = text.substring(0, end).toLowerCase(Locale.ROOT);
        var size = LENGTH.matcher(head);
        if (!head.startsWith("http/1.1 200 ") || !size.find()) {
            throw new IOException("answered: " + text);
        }
        return length == end + END_OF_HEAD.length() + Integer.parseInt(size.group(1));
    }

    /** Returns the nanoseconds that it took. */
    long call() throws IOException {
        var began = System.nanoTime();
        socket.getOutputStream().write(request);
        for (var length = 0; !complete.is(answer, length); ) {
            var read = socket.getInputStream().read(answer, length, answer.length - length);
            if (read <= 0) {
                throw new IOException("the answer broke off: " + new String(answer, 0, length, ISO_8859_1));
            }
            length += read;
        }
        return System.nanoTime() - began;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
