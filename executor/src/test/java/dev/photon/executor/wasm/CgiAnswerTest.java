package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.ErrorKind;
import dev.photon.protocol.Header;
import dev.photon.protocol.Reply;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CgiAnswerTest {
    private static Reply.Outcome parse(String text) {
        var bytes = text.getBytes(UTF_8);
        return CgiAnswer.parse(bytes, bytes.length);
    }

    private static Reply.Answer answer(String text) {
        return (Reply.Answer) parse(text);
    }

    private static String refusal(String text) {
        var failure = (Reply.Failure) parse(text);
        assertThat(failure.kind()).isEqualTo(ErrorKind.FUNCTION_FAILED);
        return failure.message();
    }

    @Test
    void endsTheHeaderAtTheFirstEmptyLine() {
        var answer = answer("Content-Type: text/plain\nX-A:  b \t\n\nline\n\nline");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsExactly(new Header("content-type", "text/plain"), new Header("x-a", "b"));
        assertThat(answer.body()).asString(UTF_8).isEqualTo("line\n\nline");
    }

    @Test
    void takesBothKindsOfLineEnd() {
        var answer = answer("Status: 404 Not Found\r\nA: 1\nB: 2\r\n\r\n\r\nbody");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.headers()).containsExactly(new Header("a", "1"), new Header("b", "2"));
        assertThat(answer.body()).asString(UTF_8).isEqualTo("\r\nbody");
    }

    @Test
    void allowsAHeaderWithoutLines() {
        assertThat(answer("\nbody").body()).asString(UTF_8).isEqualTo("body");
    }

    @Test
    void countsNothingBehindTheSize() {
        var answer = (Reply.Answer) CgiAnswer.parse("A: 1\n\nbody and more".getBytes(UTF_8), 10);

        assertThat(answer.body()).asString(UTF_8).isEqualTo("body");
    }

    @Test
    void dropsWhatBelongsToTheConnection() {
        var answer = answer("""
                Connection: close
                Transfer-Encoding: chunked
                TE: x
                Trailer: x
                Upgrade: x
                Keep-Alive: x
                Proxy-Authenticate: x
                Content-Length: 3
                ETag: "1"

                """);

        assertThat(answer.headers()).containsExactly(new Header("etag", "\"1\""));
    }

    @ParameterizedTest
    @CsvSource({"200,200", "599 Odd,599", "418 I'm a teapot,418"})
    void readsTheStatus(String text, int status) {
        assertThat(answer("Status: " + text + "\n\n").status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"199", "600", "99", "abc", "2000", "''", "100 Continue", "20a"})
    void refusesAStatusThatNoAnswerHas(String text) {
        assertThat(refusal("Status: " + text + "\n\n")).contains("its status");
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(refusal("")).contains("it is empty");
        assertThat(refusal("A: 1\nbody")).contains("no empty line");
        assertThat(refusal("A: 1\n<html>\n\n")).contains("header line 2 does not begin with a name");
        assertThat(refusal("A B: 1\n\n")).contains("header line 1 does not begin with a name");
        assertThat(refusal(": 1\n\n")).contains("header line 1 does not begin with a name");
        assertThat(refusal("A: 1\u0000\n\n")).contains("header line 1 has a control character");
        assertThat(refusal("A: 1\r2\n\n")).contains("header line 1 has a control character");
        assertThat(refusal("A: 1\n".repeat(101) + "\n")).contains("more than 100 header lines");
        assertThat(refusal("A: " + "x".repeat(70_000) + "\n\n")).contains("larger than 64 KiB");
    }

    @Test
    void allowsAHundredLines() {
        assertThat(answer("A: 1\n".repeat(100) + "\n").headers()).hasSize(100);
    }

    @Property
    void hasAnOutcomeForAnyBytes(@ForAll byte[] bytes) {
        assertThat(CgiAnswer.parse(bytes, bytes.length)).isNotNull();
    }
}
