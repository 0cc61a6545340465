package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reads what a function wrote to its standard output as a CGI document response (RFC 3875, section 6): header lines
 * that end in LF or CRLF, an empty line, the body. {@code Status} is optional and 200 by default.
 */
final class CgiAnswer {
    private static final int MAX_HEADERS = 100;
    private static final int MAX_HEADER_BYTES = 64 * 1024;

    private final List<Header> headers = new ArrayList<>();
    private int status = 200;

    private CgiAnswer() {}

    /**
     * @param bytes not changed; the body is copied out of it
     * @param size how many of the bytes count
     */
    static Reply.Outcome parse(byte[] bytes, int size) {
        try {
            var head = head(bytes, size);
            return new Reply.Answer(head.status, head.headers, Arrays.copyOfRange(bytes, head.bytes, size));
        } catch (BadAnswer e) {
            return new Reply.Failure(ErrorKind.FUNCTION_FAILED, e.getMessage());
        }
    }

    /**
     * What comes before the body.
     *
     * @param bytes up to where the body begins
     */
    record Head(int status, List<Header> headers, int bytes) {}

    /**
     * @throws BadAnswer when it is none, or not complete
     */
    static Head head(byte[] bytes, int size) {
        var answer = new CgiAnswer();
        var bodyStart = answer.read(bytes, size);
        return new Head(answer.status, answer.headers, bodyStart);
    }

    /** Where the body begins. */
    private int read(byte[] bytes, int size) {
        var lines = 0;
        var start = 0;
        for (int i = 0; i < size; i++) {
            if (i >= MAX_HEADER_BYTES) {
                throw new BadAnswer("its header is larger than 64 KiB");
            }
            if (bytes[i] != '\n') {
                continue;
            }
            var end = i > start && bytes[i - 1] == '\r' ? i - 1 : i;
            if (end == start) {
                return i + 1;
            }
            if (++lines > MAX_HEADERS) {
                throw new BadAnswer("it has more than 100 header lines");
            }
            line(lines, new String(bytes, start, end - start, UTF_8));
            start = i + 1;
        }
        throw new BadAnswer(size == 0 ? "it is empty" : "no empty line ends its header");
    }

    private void line(int number, String line) {
        var colon = line.indexOf(':');
        if (colon < 1 || !FieldRules.isToken(line.substring(0, colon))) {
            throw new BadAnswer("header line " + number + " does not begin with a name and a colon");
        }
        var name = line.substring(0, colon).toLowerCase(Locale.ROOT);
        var value = line.substring(colon + 1).strip();
        if (!FieldRules.isValue(value)) {
            throw new BadAnswer("header line " + number + " has a control character");
        }
        if (name.equals("status")) {
            status = status(value);
        } else if (FieldRules.isPassedOn(name)) {
            headers.add(new Header(name, value));
        }
    }

    private static int status(String value) {
        var digits = value.length() == 3 || (value.length() > 3 && value.charAt(3) == ' ');
        if (!digits || !value.chars().limit(3).allMatch(c -> c >= '0' && c <= '9')) {
            throw new BadAnswer("its status is not a number of three digits");
        }
        var status = Integer.parseInt(value.substring(0, 3));
        if (!FieldRules.isStatus(status)) {
            throw new BadAnswer("its status " + status + " is not between 200 and 599");
        }
        return status;
    }
}
