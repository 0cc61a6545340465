package dev.photon.executor.wasm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.photon.protocol.Header;
import dev.photon.protocol.Invocation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CgiVariablesTest {
    private static List<String> variables(String path, String body, Map<String, String> env, Header... headers) {
        var head = new Invocation.HttpHead("PUT", path, "a=1&b=%20", List.of(headers));
        return CgiVariables.of(new GuestRequest(head, body.getBytes(UTF_8), env, "shop", "2.0.0", "id-7", false));
    }

    @Test
    void describesTheRequestAsCgiDoes() {
        var variables = variables("/cart", "12345", Map.of(), new Header("host", "shop.example:8443"));

        assertThat(variables)
                .containsExactlyInAnyOrder(
                        "GATEWAY_INTERFACE=CGI/1.1",
                        "REQUEST_METHOD=PUT",
                        "SCRIPT_NAME=/fn/shop",
                        "PATH_INFO=/cart",
                        "QUERY_STRING=a=1&b=%20",
                        "CONTENT_LENGTH=5",
                        "HTTP_HOST=shop.example:8443",
                        "SERVER_NAME=shop.example",
                        "SERVER_PORT=8443",
                        "SERVER_PROTOCOL=HTTP/1.1",
                        "SERVER_SOFTWARE=Photon",
                        "PHOTON_INVOCATION_ID=id-7",
                        "PHOTON_FUNCTION=shop",
                        "PHOTON_VERSION=2.0.0");
    }

    @Test
    void joinsFieldsOfOneName() {
        var variables = variables(
                "",
                "",
                Map.of(),
                new Header("accept", "text/html"),
                new Header("cookie", "a=1"),
                new Header("accept", "text/plain"),
                new Header("cookie", "b=2"));

        assertThat(variables).contains("HTTP_ACCEPT=text/html, text/plain", "HTTP_COOKIE=a=1; b=2");
    }

    @Test
    void withholdsFieldsThatAreNotForTheFunction() {
        var variables = variables(
                "",
                "",
                Map.of(),
                new Header("proxy", "http://evil.example"),
                new Header("authorization", "Bearer x"),
                new Header("x_real", "1"),
                new Header("content-type", "text/plain"),
                new Header("content-length", "0"));

        assertThat(variables).noneMatch(variable -> variable.startsWith("HTTP_"));
        assertThat(variables).contains("CONTENT_TYPE=text/plain", "CONTENT_LENGTH=0");
    }

    @Test
    void letsTheRequestWinOverTheFunctionsOwnVariables() {
        var variables = variables("", "", Map.of("REQUEST_METHOD", "FAKE", "CONTENT_LENGTH", "99", "GREETING", "Hi"));

        assertThat(variables).contains("REQUEST_METHOD=PUT", "GREETING=Hi").noneMatch(v -> v.contains("99"));
    }

    @Test
    void decodesThePathAndLeavesABadEncodingAsItIs() {
        assertThat(variables("/a%20%C3%BC", "", Map.of())).contains("PATH_INFO=/a ü");
        assertThat(variables("/a%2", "", Map.of())).contains("PATH_INFO=/a%2");
        assertThat(variables("/a%zz", "", Map.of())).contains("PATH_INFO=/a%zz");
        assertThat(variables("/a%00b", "", Map.of())).contains("PATH_INFO=/a%00b");
    }

    @Test
    void readsNameAndPortOfAnyHost() {
        assertThat(variables("", "", Map.of())).contains("SERVER_NAME=localhost", "SERVER_PORT=80");
        assertThat(variables("", "", Map.of(), new Header("host", "[::1]:99")))
                .contains("SERVER_NAME=[::1]", "SERVER_PORT=99");
        assertThat(variables("", "", Map.of(), new Header("host", "[::1]")))
                .contains("SERVER_NAME=[::1]", "SERVER_PORT=80");
        assertThat(variables("", "", Map.of(), new Header("host", "a:"))).contains("SERVER_NAME=a", "SERVER_PORT=80");
    }
}
